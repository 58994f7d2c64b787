"""What the plugin declares: sites, functions of institutions, and the figures counted from them."""

import datetime as dt
from decimal import Decimal

from commlms import Levels, Metric, Places, Rows, choice, choice_of, day, floor_area, record, ref, text, this

_INSTITUTION = ("单位", "办学机构", "学校", "学校名称", "社区学校", "所属机构", "机构名称", "机构编号")
_SINCE = ("启用日期", "启用时间", "开始日期", "起始日期", "建成日期", "建成时间", "投入使用时间")
_UNTIL = ("终止日期", "退出日期", "停止日期")


@record(
    "premises.site", zh="场所", en="site", identity=("institution", "name", "since"), weak=(("institution", "name"),),
)
class Site:
    """Rooms of an institution: their floor area, what for, and who shares them."""

    institution: str = ref("institution", "机构", "institution", aliases=_INSTITUTION)
    name: str = text("场所名称", "name of the site", aliases=("场所", "名称", "校区", "教室", "场地", "场地名称"))
    area: Decimal | int = floor_area("建筑面积", "floor area", aliases=("面积", "用房面积", "校舍面积", "场地面积", "用房建筑面积"))
    functions: str | None = text("用房功能", "used for", default=None, aliases=("功能", "用途", "主要功能", "功能室"))
    shared_with: str | None = text("共用单位", "shared with", default=None, aliases=("共用", "合用单位", "共享单位"))
    since: dt.date | None = day("启用", "since", default=None, aliases=_SINCE)
    until: dt.date | None = day("停用", "until", default=None, future=True, aliases=("停用日期", "停用时间", *_UNTIL))


@record(
    "premises.function", zh="机构功能", en="function of an institution", identity=("institution", "function", "since"),
    weak=(("institution", "function"),),
)
class Function:
    """Something an institution carries out, or is besides: a seniors' university, a digital centre."""

    institution: str = ref("institution", "机构", "institution", aliases=_INSTITUTION)
    function: str = choice(
        "功能", "function", choice_of("secondary_vocational", "中职教育", "secondary vocational education", "中等职业教育"),
        choice_of("continuing", "继续教育", "continuing education"), choice_of("community", "社区教育", "community education"),
        choice_of("social_training", "社会培训", "social training"),
        choice_of("seniors_university", "老年大学", "seniors' university", "老年人大学"),
        choice_of("seniors_centre", "老年活动中心", "seniors' centre", "老年人活动中心"),
        choice_of("seniors_college", "老年开放大学学院", "college of the open university for seniors", "老年开放大学", "老年开大学院"),
        choice_of("seniors_branch", "老年开放大学分院", "branch of the open university for seniors", "分院", "老年开大分院"),
        choice_of("seniors_point", "老年教学点", "teaching point for seniors", "教学点", "老年学习点"),
        choice_of("digital_centre", "数字化学习中心", "digital learning centre", "数字化社区学习中心", "社区数字化学习中心"),
        choice_of("vocational_centre", "职教中心", "vocational education centre", "职业教育中心"), open=True,
        aliases=("承担功能", "职能", "加挂功能", "机构功能"),
    )
    since: dt.date | None = day("起始", "since", default=None, aliases=("承担日期", "挂牌日期", "挂牌时间", *_SINCE))
    until: dt.date | None = day("终止", "until", default=None, future=True, aliases=_UNTIL)


_NETWORK = this.kind.in_("university", "college", "school", "point")


def _at(level: str, key: str, zh: str, en: str, rows: Rows) -> Metric:
    """Places of a level that themselves have one of the rows, of all places of that level."""
    return Metric(f"premises.{key}", zh, en, Places(level, having=rows.at_least(1)), Places(level), unit="place")


def _having(function: str) -> Rows:
    return Rows("premises.function", where=this.function.is_(function), here=True)


def _own(kind: str) -> Rows:
    return Rows("institution", where=this.kind.is_(kind), here=True)


METRICS = (
    Metric("premises.area", "用房面积", "floor area", Rows("premises.site", value="area"), unit="area"),
    Metric(
        "premises.four_functions", "“四位一体”的功能数", "functions of the four in one",
        Rows(
            "premises.function", where=this.function.in_("secondary_vocational", "continuing", "community", "social_training"),
            distinct=("function",),
        ),
        unit="row",
    ),
    Metric(
        "premises.seniors_colleges", "老年开放大学学院", "colleges for seniors",
        Rows("premises.function", where=this.function.is_("seniors_college"), distinct=("institution",)), unit="row",
    ),
    Metric(
        "premises.seniors_branches", "老年开放大学分院", "branches for seniors",
        Rows("premises.function", where=this.function.is_("seniors_branch"), distinct=("institution",)), unit="row",
    ),
    Metric(
        "premises.seniors_points", "老年教学点", "teaching points for seniors",
        Rows("premises.function", where=this.function.is_("seniors_point"), distinct=("institution",)), unit="row",
    ),
    Metric("premises.network_levels", "办学网络级数", "levels of the network", Levels(Rows("institution", where=_NETWORK)), unit="level"),
    _at("city", "network_cities", "市社区大学覆盖", "cities with a community university", _own("university")),
    _at("county", "network_counties", "县（区）社区学院覆盖", "counties with a community college", _own("college")),
    _at("township", "network_townships", "乡镇（街道）社区学校覆盖", "townships with a community school", _own("school")),
    _at("village", "network_villages", "村（社区）学习点覆盖", "villages with a learning point", _own("point")),
    _at("city", "seniors_university_cities", "市级老年大学覆盖", "cities with a seniors' university", _having("seniors_university")),
    _at(
        "county", "seniors_university_counties", "县（区）老年大学覆盖", "counties with a seniors' university",
        _having("seniors_university"),
    ),
    _at(
        "township", "seniors_centre_townships", "乡镇（街道）老年活动中心覆盖", "townships with a seniors' centre",
        _having("seniors_centre"),
    ),
    _at(
        "village", "digital_villages", "村（社区）数字化学习中心覆盖", "villages with a digital learning centre", _having("digital_centre"),
    ),
)
