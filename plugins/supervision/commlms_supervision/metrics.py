"""The figures of the plugin."""

from commlms import Metric, Places, Rows, this
from commlms_supervision.kinds import LARGE, MEETINGS, PAPERS, REGULAR

#: Later than the empty day: something that has a day at all.
_EVER = 19_000_101
#: The years of a report or plan are its period; a plan that is issued once counts in the year in which it was.
_BY_ISSUE, _IN_FORCE = ("implementation_plan",), ("long_plan", "local_plan", "education_plan", "rules")
_PLURALS = {
    "long_plan": "long_plans", "year_plan": "year_plans", "implementation_plan": "implementation_plans", "duty_report": "duty_reports",
    "assessment": "assessments", "inspection": "inspections", "zone_inspection": "zone_inspections",
    "government_report": "government_reports", "local_plan": "local_plans", "education_plan": "education_plans",
    "department_plan": "department_plans", "rules": "rules", "research_award": "research_awards",
}


def _working(level: str, zh: str, en: str, key: str, kind: str, zh_work: str, en_work: str) -> Metric:
    begun = Rows("supervision.undertaking", this.kind.is_(kind), here=True)
    return Metric(
        f"supervision.{key}", f"{zh_work}的{zh}", f"{en} {en_work}", Places(level, begun.at_least(1)), Places(level), unit="place",
    )


def _paper(kind: str, zh: str, en: str) -> Metric:
    """How many papers of a kind a place issued itself: of the period, in it, or in force at its end."""
    issued = this.kind.is_(kind) & (this.issued >= _EVER)
    by = "" if kind in _IN_FORCE else "issued" if kind in _BY_ISSUE else "period"
    return Metric(f"supervision.{_PLURALS[kind]}", zh, f"{en}: number", Rows("supervision.paper", issued, day=by, here=True), unit="row")


def _survey(key: str, zh: str, en: str) -> Metric:
    asked = this.kind.is_(key)
    return Metric(
        f"supervision.{key}", zh, f"{en}: share of those asked", Rows("supervision.survey", asked, day="on", value="positive"),
        Rows("supervision.survey", asked, day="on", value="asked"), unit="person",
    )


_COMMUNITY = ("community_education", "开展社区教育工作", "that carry out community education")
_LEARNING = ("learning_city", "开展创建学习型城市工作", "that work to become a learning city")
_CITY, _COUNTY = ("city", "市", "cities"), ("county", "县（市、区）", "counties")
_MEETING = this.kind.in_(*(c.key for c in MEETINGS))

METRICS = (
    _working(*_CITY, "cities_working", *_COMMUNITY), _working(*_COUNTY, "counties_working", *_COMMUNITY),
    _working(*_CITY, "cities_learning", *_LEARNING), _working(*_COUNTY, "counties_learning", *_LEARNING),
    *(_paper(c.key, c.label.zh, c.label.en) for c in PAPERS),
    Metric(
        "supervision.papers_overdue", "逾期未出的计划与报告", "papers due in the period and not issued by its end",
        Rows("supervision.paper", day="due", open_until="issued"), Rows("supervision.paper", day="due"), unit="row",
    ),
    Metric(
        "supervision.milestones_overdue", "逾期未达到的节点", "milestones planned in the period and not reached by its end",
        Rows("supervision.milestone", day="planned", open_until="since"), Rows("supervision.milestone", day="planned"), unit="row",
    ),
    *(
        Metric(
            f"supervision.{name}_reached", zh, en,
            Rows("supervision.milestone", this.name.is_(name) & (this.since >= _EVER), here=True), unit="row",
        )
        for name, zh, en in (
            ("network", "办学网络基本建成", "network basically in place"), ("coverage", "社区教育全覆盖", "full coverage reached"),
            ("model", "发展模式和品牌基本形成", "model and brand basically formed"),
        )
    ),
    _survey("awareness", "知晓度", "awareness"), _survey("satisfaction", "满意度", "satisfaction"),
    _survey("engagement", "参与度", "engagement"), _survey("gain", "获得感", "sense of gain"),
    _survey("happiness", "幸福感", "sense of happiness"), _survey("belonging", "归属感", "sense of belonging"),
    Metric("supervision.events", "大型活动", "events held", Rows("supervision.event", ~_MEETING, day="on"), unit="row"),
    Metric(
        "supervision.large_events", "每年七项大型活动已办项数", "of the seven yearly events, held",
        Rows("supervision.event", this.kind.in_(*LARGE), day="on", distinct=("kind",), here=True), unit="row",
    ),
    Metric("supervision.meetings", "会议", "meetings held", Rows("supervision.event", _MEETING, day="on", here=True), unit="row"),
    Metric(
        "supervision.meeting_kinds", "四类例会已开类数", "of the four regular meetings, kinds held",
        Rows("supervision.event", this.kind.in_(*REGULAR), day="on", distinct=("kind",), here=True), unit="row",
    ),
    Metric(
        "supervision.lifelong_weeks", "全民终身学习活动周", "lifelong learning weeks held",
        Rows("supervision.event", this.kind.is_("lifelong_week"), day="on", here=True), unit="row",
    ),
)
