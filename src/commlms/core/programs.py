"""What is taught and when: courses, offerings, sessions, and who was there."""

from __future__ import annotations

import datetime as dt

from commlms.core.records import Choice, choice, choice_of, clock, day, duration, heading, identifier, number, people, record, ref, text

_MODES: tuple[Choice, ...] = (
    choice_of("in_person", "线下", "in person", "面授", "现场"),
    choice_of("online", "线上", "online", "网络", "直播"),
    choice_of("self_study", "自学", "self-study, not organised", "自主学习"),
)
_FORMS: tuple[Choice, ...] = (
    choice_of("class", "授课", "class", "课堂学习", "培训"), choice_of("lecture", "讲座", "lecture", "知识讲座"),
    choice_of("practice", "实训", "practice", "实践", "实操", "田间实训"), choice_of("tour", "参观游学", "study visit", "游学", "参观"),
    choice_of("salon", "沙龙", "salon", "读书沙龙"), choice_of("show", "展示", "performance", "才艺展示", "演出"),
)


@record("course", zh="课程", en="course", identity=("code",), weak=(("title",),))
class Course:
    """One part of a curriculum that can be offered."""

    code: str = identifier("课程编号", "course code", aliases=("课程代码",))
    title: str = heading("课程名称", "course title", aliases=("课程",))
    category: str | None = choice("内容类别", "category", default=None, open=True, vocabulary="category", aliases=("类别", "课程类别"))
    population: str | None = choice("面向人群", "for whom", default=None, open=True, vocabulary="population", aliases=("对象",))
    minutes: int | None = duration("课程时长", "minutes", default=None, unit="minute", maximum=600_000, aliases=("学时", "总学时"))
    practice: int | None = duration("其中实训", "of which practice", default=None, unit="minute", maximum=600_000)


@record("offering", zh="班次", en="offering", identity=("code",))
class Offering:
    """A course run by an institution."""

    code: str = identifier("班次编号", "offering code", aliases=("班级编号", "开班编号"))
    course: str = ref("course", "课程", "course", aliases=("课程编号", "课程名称"))
    institution: str = ref("institution", "办学机构", "institution", aliases=("机构", "机构编号", "主办单位"))
    since: dt.date | None = day("开班日期", "first day", default=None, future=True)
    until: dt.date | None = day("结班日期", "last day", default=None, future=True)


@record(
    "session", zh="场次", en="session", identity=("institution", "on", "start", "theme"), also=(("code",),),
    weak=(("institution", "on", "theme"),), bulk=True, indexed=("on",),
)
class Session:
    """One dated meeting. Its course, where it has an offering, gives the category it does not state itself.

    A series that is kept as one line has its number of ``meetings``, and ``began`` before its date, which is its last day.
    """

    code: str | None = identifier("场次编号", "session code", default=None, firm=True, aliases=("活动编号",))
    institution: str = ref("institution", "主办单位", "organiser", aliases=("机构", "举办单位", "组织单位", "开展单位", "机构编号"))
    on: dt.date = day("活动日期", "date", aliases=("日期", "开展日期", "时间", "活动时间"))
    start: str | None = clock("开始时间", "start", default=None, aliases=("时刻",))
    theme: str = heading("活动主题", "theme", aliases=("主题", "活动名称", "内容", "活动内容"))
    minutes: int | None = duration(
        "时长", "minutes", default=None, unit="minute", maximum=1440, aliases=("活动时长", "学时", "时长（分钟）", "时长(小时)")
    )
    place: str | None = ref("place", "活动地点", "place", default=None, aliases=("地点代码",))
    venue: str | None = text("场地", "venue", default=None, aliases=("地点", "活动场所"))
    offering: str | None = ref("offering", "班次", "offering", default=None, aliases=("班次编号", "班级编号"))
    course: str | None = ref("course", "课程", "course", default=None, aliases=("课程编号", "课程名称"))
    category: str | None = choice("内容类别", "category", default=None, open=True, vocabulary="category", aliases=("类别", "活动类别"))
    form: str | None = choice("形式", "form", *_FORMS, default=None, open=True, aliases=("活动形式",))
    mode: str = choice("方式", "mode", *_MODES, default="in_person", aliases=("线上线下",))
    program: str | None = text("项目", "program", default=None, aliases=("项目名称", "品牌项目"))
    audience: str | None = choice(
        "活动对象", "for whom", default=None, open=True, vocabulary="population", aliases=("对象", "参加对象", "面向人群")
    )
    meetings: int | None = number("期数", "meetings", default=None, since=2, maximum=1000, aliases=("场数", "次数", "开展期数"))
    began: dt.date | None = day("起始日期", "first meeting", default=None, since=2)


@record("participation", zh="参与", en="participation", identity=("learner", "session"), bulk=True)
class Participation:
    """A named learner at a session: the fact that persons are counted from."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    session: str = ref("session", "场次", "session", aliases=("场次编号", "活动编号"))
    minutes: int | None = duration("参与时长", "minutes", default=None, unit="minute", maximum=1440, aliases=("时长", "学时", "参与分钟"))


@record("headcount", zh="人数", en="headcount", identity=("session", "counts", "audience"))
class Headcount:
    """People at a session without names. ``present``: all in the room; ``besides``: those unnamed; ``unmatched``: those signed
    in by a name that cannot be told to be one learner, as many as there are rows of ``unmatched``.

    One without a group counts everybody, and those with a group are parts of it; only where there is
    none do the groups add up.
    """

    session: str = ref("session", "场次", "session", aliases=("场次编号", "活动编号"))
    counts: str = choice(
        "计数方式", "what it counts", choice_of("present", "到场", "all present", "到场总人数"),
        choice_of("besides", "另计", "besides those named", "未签到人数"),
        choice_of("unmatched", "待认", "signed in, not known", "待认签到"),
    )
    audience: str | None = choice("人群", "group", default=None, open=True, vocabulary="population", aliases=("对象",))
    persons: int = people("人数", "persons", maximum=1_000_000)
