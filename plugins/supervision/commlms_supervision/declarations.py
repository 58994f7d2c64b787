"""The registers of the plugin."""

import datetime as dt

from commlms import choice, choice_of, day, heading, number, period, record, ref, text
from commlms_supervision.kinds import EVENTS, MEETINGS, PAPERS, SURVEYS


@record("supervision.undertaking", zh="工作开展", en="work under way", identity=("place", "kind", "since"), weak=(("place", "kind"),))
class Undertaking:
    """Work that a place has begun and carries on until a day on which it no longer does."""

    place: str = ref("place", "地点", "place", aliases=("地区", "市", "县（市、区）", "县（区）", "区划代码"))
    kind: str = choice(
        "工作", "work", choice_of("community_education", "社区教育工作", "community education", "社区教育", "开展社区教育工作"),
        choice_of("learning_city", "创建学习型城市工作", "building a learning city", "学习型城市", "学习型城市创建", "创建学习型城市"),
        aliases=("工作类别", "类别", "项目"),
    )
    since: dt.date | None = day("启动日期", "since", default=None, aliases=("起始日期", "开展日期", "开始日期"))
    until: dt.date | None = day("终止日期", "until", default=None, future=True, aliases=("停止日期", "结束日期"))
    number: str | None = text("文号", "document number", default=None, aliases=("文件号", "依据文号"))


@record("supervision.paper", zh="计划与报告", en="plan or report", identity=("place", "kind", "period", "unit"))
class Paper:
    """A plan, report, assessment or inspection that a place or one of its units owes for a period, and when it came."""

    place: str = ref("place", "地点", "place", aliases=("地区", "县（区）", "区划代码"))
    kind: str = choice("文种", "kind", *PAPERS, open=True, aliases=("类别", "材料类别", "文件类别"))
    period: str | None = period("所属时期", "period", default=None, aliases=("年度", "时期", "所属年度"))
    unit: str | None = text("责任单位", "responsible unit", default=None, aliases=("单位", "部门", "报送单位"))
    due: dt.date | None = day("应出日期", "due", default=None, future=True, aliases=("截止日期", "完成时限", "应报日期", "时限"))
    issued: dt.date | None = day("印发日期", "issued", default=None, aliases=("出台日期", "报送日期", "完成日期", "发布日期"))
    since: dt.date | None = day("施行日期", "in force from", default=None, future=True, aliases=("生效日期", "起始日期"))
    until: dt.date | None = day(
        "失效日期", "in force until", default=None, future=True, aliases=("终止日期", "废止日期"),
        last=("有效期至", "有效期止", "规划期至"),
    )
    number: str | None = text("文号", "document number", default=None, aliases=("文件号",))


@record("supervision.milestone", zh="网络建设节点", en="milestone of the network", identity=("place", "name"))
class Milestone:
    """A state of the network that is to be reached, and the day on which it was."""

    place: str = ref("place", "地点", "place", aliases=("地区", "区划代码"))
    name: str = choice(
        "节点", "milestone", choice_of("network", "网络基本建成", "network basically in place", "办学网络基本建成", "网络建成"),
        choice_of("coverage", "全覆盖", "full coverage", "社区教育全覆盖", "基本实现全覆盖"),
        choice_of("model", "发展模式基本形成", "model basically formed", "模式和品牌基本形成"), open=True, aliases=("名称", "建设节点"),
    )
    planned: dt.date | None = day("计划日期", "planned", default=None, future=True, aliases=("计划完成日期", "时限"))
    since: dt.date | None = day("达到日期", "reached", default=None, aliases=("完成日期", "建成日期", "实现日期"))


@record("supervision.survey", zh="问卷", en="survey", identity=("place", "on", "kind"))
class Survey:
    """What a survey of residents asked and how many of those asked answered yes."""

    place: str = ref("place", "地点", "place", aliases=("地区", "区划代码", "调查地区"))
    on: dt.date = day("调查日期", "date", aliases=("日期", "调查时间"))
    kind: str = choice("内容", "subject", *SURVEYS, open=True, aliases=("调查内容", "指标", "问卷内容"))
    asked: int = number("受访人数", "asked", aliases=("有效问卷", "有效问卷数", "调查人数", "样本数", "样本量"))
    positive: int = number("肯定人数", "answered yes", aliases=("知晓人数", "满意人数", "肯定回答"))


@record("supervision.event", zh="活动与会议", en="event or meeting", identity=("place", "on", "kind", "title"))
class Event:
    """A large event or a meeting that a place held."""

    place: str = ref("place", "地点", "place", aliases=("地区", "区划代码", "举办地区", "主办地区"))
    on: dt.date = day("日期", "date", aliases=("举办日期", "活动日期", "会议日期", "开始日期"))
    kind: str = choice("类别", "kind", *EVENTS, *MEETINGS, open=True, aliases=("活动类别", "活动名称", "会议类别"))
    title: str | None = heading("主题", "title", default=None, aliases=("名称", "活动主题", "会议名称"))


@record("supervision.assessment", zh="评估结论", en="assessor's finding", identity=("goal", "place", "on", "aspect"))
class Assessment:
    """What an assessor found about a goal that has no number; it stands beside the goal and is never computed with."""

    goal: str = text("目标编号", "goal", aliases=("目标", "目标代码"))
    place: str = ref("place", "地点", "place", aliases=("地区", "区划代码"))
    on: dt.date = day("评估日期", "date", aliases=("日期", "结论日期"))
    aspect: str | None = text("方面", "aspect", default=None, aliases=("评估方面", "维度"))
    status: str = choice(
        "结论", "finding", choice_of("reached", "达到", "reached", "已达到", "已实现", "基本实现"),
        choice_of("partly", "部分达到", "partly reached", "部分实现"), choice_of("not_reached", "未达到", "not reached", "未实现"),
        aliases=("评估结论",),
    )
    assessor: str | None = text("评估方", "assessor", default=None, aliases=("评估单位", "评估机构"))
    evidence: str | None = text("依据", "evidence", default=None, aliases=("说明", "佐证"))
