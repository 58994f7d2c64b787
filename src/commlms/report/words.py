"""The fixed words of reports, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.core.labels import Label
from commlms.core.pack_words import BASES, FORCES, LEVELS

__all__ = ["BASES", "FORCES", "INVENTED", "LEVEL_LABELS", "NATURES", "NOTES", "SIGNS", "TEXTS", "UNITS", "text"]

INVENTED = Label("演示数据，非真实统计", "Invented data, not real statistics")

LEVEL_LABELS: Mapping[str, Label] = LEVELS
NATURES: Mapping[str, Label] = {
    "census": Label("普查", "census"), "register": Label("登记", "register"), "estimate": Label("估算", "estimate"),
}
UNITS: Mapping[str, Label] = {
    "person": Label("人", "persons"), "visit": Label("人次", "visits"), "minute": Label("分钟", "minutes"),
    "session": Label("场", "sessions"), "place": Label("个", "places"), "row": Label("条", "rows"), "day": Label("天", "days"),
    "fen": Label("元", "yuan"), "area": Label("平方米", "square metres"), "level": Label("级", "levels"),
}

#: Beside each verdict's word, so that it can be told without colour; they are in every Chinese font.
SIGNS: Mapping[str, str] = {"met": "√", "short": "×", "not_shown": "？", "no_data": "—", "not_applicable": "／", "no_verdict": "※"}

TEXTS: Mapping[str, Label] = {
    "report": Label("社区教育统计报告", "Community education report"),
    "period": Label("时期", "Period"),
    "as_of": Label("判定日", "Judged as of"),
    "written": Label("数据截至写入日", "Newest write"),
    "version": Label("版本", "Version"),
    "overview": Label("概览", "Overview"),
    "verdicts": Label("文件判定", "Verdicts of the documents in force"),
    "charts": Label("图", "Charts"),
    "places": Label("各地情况", "Places"),
    "populations": Label("人群", "Populations"),
    "rules": Label("指标口径", "How each figure is counted"),
    "left_out": Label("未计入的内容及原因", "What was left out, and why"),
    "notes": Label("方法说明", "Method notes"),
    "all_residents": Label("全部居民", "All residents"),
    "proven": Label("已证明", "proven"),
    "ceiling": Label("上限", "ceiling"),
    "bound": Label("最大可能", "at most"),
    "rate": Label("参与率", "Participation"),
    "residents": Label("居民", "Residents"),
    "numerator": Label("分子", "numerator"),
    "denominator": Label("分母", "denominator"),
    "figure": Label("数值", "figure"),
    "share": Label("比率", "ratio"),
    "metric": Label("指标", "metric"),
    "place": Label("地点", "place"),
    "code": Label("代码", "code"),
    "level": Label("级别", "level"),
    "parent": Label("上级", "parent"),
    "verdict": Label("判定", "verdict"),
    "demand": Label("要求", "demand"),
    "clause": Label("条款", "clause"),
    "quote": Label("原文", "quote"),
    "force": Label("约束力", "force"),
    "due": Label("期限", "due"),
    "document": Label("文件", "document"),
    "issuer": Label("发文机关", "issued by"),
    "effective": Label("施行", "in force from"),
    "repealed": Label("废止", "repealed"),
    "local_names": Label("该文件的层级名称", "What the document calls the levels"),
    "institution": Label("办学机构", "institution"),
    "no_data": Label("无数据", "no data"),
    "estimated": Label("估算", "estimated"),
    "known": Label("身份依据", "what persons are known by"),
    "nothing_held": Label("已报送，没有活动记录", "reported, no activity"),
    "unsent": Label("未报送／应报送", "not reported, of"),
    "about": Label("约", "about"),
    "summed": Label("由下级相加", "added up from below"),
    "silent": Label("{leaves} 个最基层地点中有 {silent} 个没有任何活动记录", "{silent} of {leaves} lowest places recorded nothing"),
    "to_name": Label("还须具名 {amount}，才能证明达到", "{amount} must be named to show it"),
    "falls_short": Label("即使未具名者全部计入也差 {amount}", "short by {amount} even with everyone unnamed"),
    "short_by": Label("差 {amount}", "short by {amount}"),
    "above": Label("超出 {amount}", "above by {amount}"),
    "running": Label("{period} 尚未结束", "{period} has not ended"),
    "needed": Label("达到所需", "needed"),
    "persons": Label("人数（具名）", "persons (named)"),
    "named_visits": Label("具名人次", "named visits"),
    "unnamed_visits": Label("未具名人次", "unnamed visits"),
    "sessions": Label("场次", "sessions"),
    "year": Label("年份", "year"),
    "figures_here": Label("此地 {count} 项数值", "{count} figures of this place"),
    "zeros": Label("其余 {count} 项指标在此为零或无数据", "{count} further figures are zero or without data here"),
    "hidden_small": Label("1 至 4，为保护个人不显示", "1 to 4, not shown to protect individuals"),
    "hidden_linked": Label("为防止由差额推出其他小数而不显示", "not shown, so that a small figure cannot be worked out by difference"),
    "paper": Label(
        "纸上没有各地点的其他数值；要打印某个地点的，先在屏幕上点开，或单为该地点写报告（--place）",
        "Not on paper: the further figures of each place. Open those you want on the screen before printing, "
        "or write the report on that place alone (--place)",
    ),
    "open_all": Label("全部展开", "Open all"),
    "close_all": Label("全部收起", "Close all"),
    "find": Label("查找地点", "Find a place"),
    "rule": Label("口径", "rule"),
    "count": Label("数量", "count"),
    "why": Label("原因", "why"),
    "which": Label("其中", "which"),
    "and_more": Label("等 {count} 个", "and {count} more"),
    "no_charts": Label("未绘图：需要安装 commlms[report]", "No charts: install commlms[report]"),
    "no_documents": Label("没有对此地施行的文件。", "No document is in force here."),
    "no_places": Label("库中没有地点。", "The database has no places."),
    "unit_rate": Label("参与率（%）", "participation (%)"),
    "target": Label("要求", "target"),
    "chart_counties": Label("各地居民参与率：已证明与上限", "Participation: proven and ceiling"),
    "chart_years": Label("近三年人数与人次", "Persons and visits, last three years"),
    "chart_spread": Label("乡镇（街道）已证明参与率分布", "Townships by proven participation"),
    "chart_populations": Label("各人群：具名人数", "Populations: named persons"),
    "residents_of": Label("居民数：{date}，{basis}，{nature}", "residents: {date}, {basis}, {nature}"),
    "title": Label("{name} {period} 社区教育统计报告", "{name}, {period}: community education report"),
    "whole_database": Label("全库", "whole database"),
    "no_limit_due": Label("长期", "standing"),
    "matrix": Label("判定一览", "All verdicts at a glance"),
    "matrix_how": Label("各列为其下各地；一处多项判定时写项数", "a column is a place and all below it; several verdicts are counted"),
    "needed_together": Label("各处合计所需", "needed by all together"),
    "target_column": Label("目标", "target"),
    "whole": Label("合计", "all"),
    "binding": Label("应达到", "Demanded"),
    "striven": Label("力争与鼓励（不计入应达到的）", "Striven for and encouraged (apart from what is demanded)"),
    "details": Label("逐项判定", "Each verdict"),
    "others": Label("另有 {count} 处未列，见 .xlsx 或 .json", "{count} more are in the .xlsx and .json"),
    "trends": Label("历年比率", "Rates over the years"),
    "trend_how": Label(
        "每格一地，按 {day} 的行政区划画；虚线为文件要求。居民数所属区划与今日不同的年份不画。",
        "One picture a place, drawn on the divisions of {day}; the dashed line is what the document asks. A year whose residents "
        "are of other borders is not drawn.",
    ),
    "moved": Label("{day} 起 {place}", "{place} from {day}"),
    "joined": Label("并入 {names}", "joined by {names}"),
    "parted": Label("划出 {names}", "without {names}"),
    "other_borders": Label("居民数所属区划与今日不同", "residents are of other borders"),
    "goals": Label("没有数字的要求", "Demands without a number"),
    "goals_how": Label(
        "文件没有给出数字，不评判；旁边是有记录的数。",
        "The document gives no number, so there is no verdict; what is recorded stands beside.",
    ),
    "goal": Label("要求", "demand"),
    "reading": Label("读法", "reading"),
    "gloss": Label("英译", "in English"),
    "recorded": Label("有记录的", "recorded"),
    "assessed": Label("评估结论", "assessed"),
    "not_assessed": Label("尚无评估结论", "not assessed yet"),
    "at": Label("层级", "at"),
    "schedules": Label("时间安排", "Schedules"),
    "when": Label("时间", "when"),
    "by": Label("责任单位", "by"),
    "deadline": Label("截止", "deadline"),
    "passed": Label("已过", "passed"),
    "not_before": Label("不早于 {time}", "not before {time}"),
    "first_day": Label("{day} 起", "from {day} on"),
    "at_least": Label("至少 {count} 次", "no fewer than {count}"),
    "events": Label("{count} 项", "{count} events"),
    "nothing_counted": Label("没有对应的记录", "nothing here is counted for it"),
    "asked_places": Label("{level}：{of} 个中 {done} 个有记录", "{level}: recorded at {done} of {of}"),
    "asked_least": Label("{level}：{of} 个中 {done} 个达到 {least} 次", "{level}: at least {least} at {done} of {of}"),
    "lacking": Label("没有的：{names}", "without: {names}"),
    "duties": Label("机构与职责", "Who does what"),
    "networks": Label("办学网络", "Networks"),
    "hosts": Label("依托", "hosted by"),
    "duty": Label("职责", "duties"),
    "supervised_by": Label("指导单位", "guided by"),
    "chains": Label("其他链条", "Other chains"),
    "models": Label("治理格局", "Governance"),
    "bodies": Label("协调机构", "Bodies"),
    "departments": Label("部门职责", "Departments"),
    "terms": Label("用语", "Words"),
    "optional": Label("有条件时：{condition}", "where conditions allow: {condition}"),
    "shared_with": Label("与 {names} 共同", "together with {names}"),
    "stated_levels": Label("文件称 {count} 级", "{count} levels, as the text says"),
    "conflicts": Label("文件之间的不一致", "Where documents disagree"),
    "conflict": Label("不一致", "disagreement"),
    "note": Label("说明", "note"),
    "unjudged": Label("未能判定的及原因", "What could not be judged, and why"),
    "where": Label("何处", "where"),
    "subject": Label("对象", "subject"),
    "basis": Label("口径", "basis"),
    "state": Label("情况", "state"),
    "kind": Label("类别", "kind"),
    "name": Label("名称", "name"),
}

NOTES: tuple[Label, ...] = (
    Label("“已证明”只数有姓名的人：期末居住在本地、期内至少参加一场的不同学员。同一人无论参加几次只算一人。",
          "'Proven' counts named people only: different learners with their home here at the period's end who came at least "
          "once. A person who came often counts once."),
    Label("“上限”把未具名的人次全部当作不同的居民加上，最多加到居民总数；真实值在已证明与上限之间。",
          "The 'ceiling' adds every unnamed visit as if it were another resident, up to all residents; the truth lies between."),
    Label("“最大可能”再加上没有任何活动记录的地点的全部居民；连它也达不到，才判“未达到”，否则判“未证明”。",
          "'At most' also adds every resident of places that recorded nothing; only if even that misses is the verdict "
          "'short', otherwise 'not shown'."),
    Label("比率的人按身份依据分列：证件号，其次出生日期，再次出生年（月），否则仅姓名或编号；越靠后，越可能一人记成两人。",
          "The persons of a rate are told by what they are known by: an ID number, else a birth date, else a birth year or month, "
          "else a name or code alone; the further down, the more may be one person twice."),
    Label("人数与人次是两个数，从不相加，也不互相换算。",
          "Persons and visits are two figures; they are never added and never made from one another."),
    Label("每个比率都是两个整数相除；百分比按整数精确计算，一位小数会越过要求时增加小数位，绝不因舍入显示为达到。",
          "Every ratio is two integers; its percentage is exact, and gets more decimals where one would cross the demand: "
          "rounding never makes it look reached."),
    Label("居民数取不晚于期末的最近一次；自己没有时由下级相加，下级不全则无数据。日期、口径与性质列在旁边，估算的标明“估算”。",
          "Residents are the latest figure not after the period; where a place has none they are added up from below if every "
          "place below has one, else there is no data. Date, basis and nature stand beside them; estimates say 'estimated'."),
    Label("县（区）以下 1 至 4 的人群数字显示为“<5”；为防止由差额推出，另有个别数字显示为“*”。",
          "Below the county, figures of 1 to 4 about a group of people read '<5'; some others read '*' so that these cannot be "
          "worked out by difference."),
    Label("地点按报送关系排列：由上级直接收报的地点列在该上级之下。",
          "Places stand in the reporting tree: a place that reports to another stands below it."),
)


def text(key: str, **values: object) -> Label:
    """A fixed text with its ``{name}`` parts filled, in both languages."""
    found = TEXTS[key]
    return Label(found.say("zh", **values), found.say("en", **values)) if values else found
