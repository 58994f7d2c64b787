"""What sessions are about: for each group of learners the themes, content category, form, hours and words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of session. ``course`` is a code of courses.csv or empty; ``minutes`` are whole minutes."""

    category: str
    themes: tuple[str, ...]
    form: str = "授课"
    course: str = ""
    program: str = ""
    starts: tuple[str, ...] = ("09:00", "09:30", "10:00", "14:30", "15:00")
    minutes: tuple[int, ...] = (60, 90, 90, 120)


_EVENING = ("19:00", "19:30")
_FIELD = ("08:30", "09:00", "14:00")
_AFTER_SCHOOL = ("16:30", "16:40", "17:00")

#: Words that offices use for whom a session is, by group.
AUDIENCES = {
    "S": ("老年人", "老年人", "老年"), "M": ("青少年", "未成年人", "青少年"), "F": ("新型职业农民",),
    "W": ("进城务工人员",), "R": ("居民", "居民", ""),
}

#: The topics of each group; a session takes one at random.
TOPICS: dict[str, tuple[Topic, ...]] = {
    "S": (
        Topic("智慧助老", ("智能手机使用培训", "手机拍照与微信", "老年人学用健康码"), course="KC001"),
        Topic("智慧助老", ("手机挂号与缴费", "线上就医一点通"), "实训", "KC002"),
        Topic("养生保健", ("中医养生讲座", "冬病夏治健康讲座", "高血压防治"), "讲座", "KC005"),
        Topic("养生保健", ("太极拳练习", "八段锦教学"), "实训", "KC006"),
        Topic("心理健康", ("老年心理调适", "快乐晚年"), "讲座", "KC007"),
        Topic("闲暇生活", ("书法班", "国画班", "葫芦丝班", "民族舞蹈"), course="KC008", minutes=(90, 120)),
        Topic("家庭理财", ("防范非法集资", "老年理财安全课"), "讲座", "KC011"),
        Topic("法律法规", ("老年人权益保障法宣讲", "遗嘱与继承"), "讲座", "KC012"),
        Topic("代际沟通", ("隔代教育沙龙",), "沙龙", "KC013"),
    ),
    "M": (
        Topic("辅导学生做作业", ("430学堂作业辅导",), "授课", "KC019", "430学堂", _AFTER_SCHOOL, (60, 90)),
        Topic(
            "第二课堂", ("430学堂阅读", "430学堂象棋", "430学堂美术"), "授课", "KC020", "430学堂",
            _AFTER_SCHOOL, (60, 90),
        ),
        Topic("科普培训", ("小小科学家", "钒钛矿石的秘密", "天文观测"), "实训", "KC022"),
        Topic("兴趣小组", ("少儿绘画", "围棋小组", "彝族刺绣体验"), "实训", "KC024"),
        Topic("知识讲座", ("防溺水安全教育", "禁毒知识讲座"), "讲座", "KC021", minutes=(45, 60)),
        Topic("社区实践", ("小小志愿者", "垃圾分类我先行"), "实训", "KC027"),
    ),
    "F": (
        Topic("涉农培训", ("芒果栽培技术培训", "早春蔬菜种植技术"), "实训", "KC031", "", _FIELD, (120, 180, 240)),
        Topic(
            "种养殖等农业技术", ("山羊养殖技术", "桑蚕养殖现场教学", "核桃管护"), "实训", "KC033", "",
            _FIELD, (120, 180),
        ),
        Topic("实用技术技能", ("果树修剪实操", "农机操作与维修"), "实训", "KC036", "", _FIELD, (120, 180)),
        Topic("农村经济管理", ("农产品电商培训", "家庭农场管理"), "授课", "KC038", "", _FIELD, (90, 120)),
        Topic("家政培训", ("家政服务培训",), "授课", "KC041", "", _FIELD, (120,)),
    ),
    "W": (
        Topic("城市文明", ("城市生活与礼仪", "公共交通规则"), "讲座", "KC042", "", _EVENING, (60, 90)),
        Topic("技能培训", ("电工基础", "焊工技能", "中式面点", "养老护理"), "实训", "KC044", "", _EVENING, (120, 180)),
        Topic("学历提升", ("成人高中班", "开放大学专科辅导"), "授课", "KC048", "", _EVENING, (90, 135)),
    ),
    "R": (
        Topic("公民素养", ("道德讲堂", "民法典进社区"), "讲座", "KC050"),
        Topic("人文艺术", ("社区合唱排练", "读书会"), "沙龙", "KC051", starts=("14:30", "19:00")),
        Topic("运动健身", ("广场舞培训", "健步走"), "实训", "KC054", starts=("07:30", "19:30")),
        Topic("养生保健", ("家庭急救培训", "慢性病防治讲座"), "讲座", "KC055"),
        Topic("生活休闲", ("花艺体验", "家庭烘焙"), "实训", "KC056"),
        Topic("家庭教育", ("家长课堂", "亲子阅读"), "授课", "KC058"),
        Topic("中华优秀传统文化", ("端午民俗活动", "我们的节日", "彝族火把节文化"), "展示", "KC059"),
    ),
}
