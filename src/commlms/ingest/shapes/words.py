"""The words of paper: what title rows and headers call the parts of an activity."""

from __future__ import annotations

#: The header words under which further columns are made.
DATE, BEGAN, MEETINGS, PRESENT, START, MINUTES, LESSONS, THEME, INSTITUTION = (
    "活动日期", "起始日期", "期数", "参加人数", "开始时间", "时长", "学时", "活动主题", "主办单位",
)
#: The words of title rows and headers, by the header word an import knows.
FACTS: dict[str, tuple[str, ...]] = {
    "活动主题": (
        "活动主题", "主题", "活动名称", "讲座主题", "讲座名称", "讲座内容", "课程名称", "课程", "课程内容", "课题", "班级", "班级名称",
        "班次", "培训主题", "培训名称",
        "培训项目", "活动项目", "培训内容", "活动内容", "授课内容", "教学内容", "学习内容", "学习主题", "会议主题", "内容",
    ),
    "活动日期": (
        "活动时间", "活动日期", "时间", "日期", "培训时间", "培训日期", "上课时间", "上课日期", "授课时间", "讲座时间", "开展时间",
        "学习时间", "举办时间", "举办日期",
        "开班时间", "开课时间", "签到时间", "签到日期",
    ),
    "开始时间": ("开始时间",),
    "场地": (
        "活动地点", "地点", "培训地点", "上课地点", "授课地点", "讲座地点", "学习地点", "举办地点", "开展地点", "活动场所", "场地", "教室",
    ),
    "主办单位": ("主办单位", "举办单位", "组织单位", "开展单位", "主办", "主办方", "主办机构"),
    "参加人数": (
        "参加人数", "参与人数", "到场人数", "实到人数", "出席人数", "参加人次", "参与人次", "培训人数", "培训人次", "参训人数",
        "参训人次", "受益人次", "实到", "人数", "人次",
    ),
    "时长": ("时长", "活动时长"),
    "学时": ("学时", "课时", "培训学时", "培训课时", "总学时", "授课学时"),
    "活动对象": ("活动对象", "参加对象", "面向人群", "培训对象"),
    "形式": ("活动形式", "形式"),
}
#: The header word of every label.
LABELS: dict[str, str] = {label: word for word, labels in FACTS.items() for label in labels}
#: The same of headers, where 签到时间 is when one person came, and a list says of people what no title does.
HEADERS: dict[str, str] = {label: word for label, word in LABELS.items() if label != "签到时间"} | dict.fromkeys(
    (
        "签名", "签到", "签到人", "参加人员", "参训人员", "参会人员", "居民姓名", "人员姓名", "参加人姓名", "老人姓名", "学生姓名",
        "家长姓名",
    ), "姓名",
)
#: How sure a label is as a header word: less than any word of a record.
LEAST_SURE = 9
