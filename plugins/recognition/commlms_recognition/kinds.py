"""The titles that documents name, and what sheets call them. A kind says what the title is, the rank who gave it."""

from commlms import choice_of

#: What sheets call the places that can be a zone: the kind is one, the place tells which it is.
_PLACES = ("区", "县", "县（区）", "街道", "镇", "乡", "乡镇", "乡镇（街道）", "镇乡街道", "村", "社区", "村（居）", "村（社区）", "")


def _zones(word: str) -> tuple[str, ...]:
    return tuple(f"{before}{word}{place}" for before in ("", "社区教育") for place in _PLACES)


ZONES = (
    choice_of("experimental", "实验区", "experimental zone", *_zones("实验")),
    choice_of("demonstration", "示范区", "demonstration zone", *_zones("示范")),
    choice_of("trial_site", "实验点", "trial site", "区域终身学习发展共同体实验点"),
)
LEARNING = (
    choice_of("learning_community", "学习型社区", "learning community"),
    choice_of("learning_city", "学习型城市", "learning city", "学习型城区"),
    choice_of("learning_organisation", "学习型组织", "learning organisation", "新型学习型组织"),
    choice_of("learning_enterprise", "学习型企业", "learning enterprise", "学习型企事业单位"),
    choice_of("learning_unit", "学习型单位", "learning unit", "学习型机关", "学习型事业单位"),
    choice_of("learning_street", "学习型街道", "learning street or township", "学习型乡镇", "学习型乡镇（街道）"),
    choice_of("learning_committee", "学习型居（村）委会", "learning neighbourhood or village committee", "学习型居委会", "学习型村委会"),
    choice_of("learning_courtyard", "学习型楼院", "learning building and courtyard"),
    choice_of("learning_building", "学习型楼宇", "learning building"),
    choice_of("learning_workteam", "学习型班组", "learning work team"),
    choice_of("learning_family", "学习型家庭", "learning family"),
    choice_of("learning_club", "示范学习型社团", "model learning club", "学习型社团", "老年学习社团"),
)
AWARDS = (
    choice_of("brand", "优质学习品牌", "quality learning brand", "社区教育优质学习品牌", "优质品牌"),
    choice_of("activity_brand", "终身学习活动品牌", "lifelong learning activity brand", "终身学习活动品牌项目", "终身学习品牌项目"),
    choice_of("special_brand", "特色品牌", "special brand", "社区教育特色品牌", "社区教育特色品牌项目", "特色社区教育项目品牌"),
    choice_of("model_school", "示范社区学校", "model community school", "社区教育示范学校"),
    choice_of("modern_school", "现代化社区学校", "modern community school"),
    choice_of("star", "百姓学习之星", "people's learning star", "学习之星"),
    choice_of("volunteer", "优秀志愿者", "excellent volunteer", "志愿者表彰"),
    choice_of("studio", "民家工作室", "folk master studio"),
    choice_of("course", "精品课程", "quality course", "终身教育精品课程"),
    choice_of("research", "优秀研究成果", "excellent research result"),
    choice_of("result", "优秀成果", "excellent result"),
    choice_of("advanced_unit", "先进单位", "advanced unit", "社区教育先进单位", "先进集体"),
    choice_of("advanced_person", "先进个人", "advanced person", "社区教育先进个人"),
    choice_of("commendation", "通报表彰", "commendation by circular", "表扬", "先进典型"),
    choice_of("criticism", "通报批评", "criticism by circular"),
)
KINDS = (*ZONES, *LEARNING, *AWARDS)
ORGANISATIONS = tuple(sorted(c.key for c in LEARNING if c.key not in ("learning_community", "learning_city", "learning_club")))
RANKS = (
    choice_of("nation", "国家级", "national", "国家", "全国"),
    choice_of("province", "省级", "provincial", "省", "直辖市级", "自治区级"),
    choice_of("city", "市级", "city", "市", "地市级"),
    choice_of("county", "县级", "county", "区级", "县（区）级", "区县级", "县", "区"),
    choice_of("township", "乡镇级", "township", "街道级", "镇级", "乡镇（街道）级"),
)
