"""What senders report: deliveries, the visits in them whose person is not known, and figures that others state."""

from __future__ import annotations

import datetime as dt

from commlms.core.records import (
    birth,
    choice,
    choice_of,
    day,
    duration,
    flag,
    full_name,
    heading,
    hundredths,
    number,
    period,
    record,
    ref,
    text,
)


@record("delivery", zh="报送", en="delivery", identity=("sender", "shape", "period", "turn"))
class Delivery:
    """What one sender sent for one period in one shape. A later one of the same three replaces it."""

    sender: str = ref("place", "报送地点", "sender", aliases=("报送单位",))
    shape: str = text("表式", "shape")
    period: str = text("报送时期", "period", aliases=("时期",))
    turn: int = number("第几次", "turn", aliases=("次序",))
    received: dt.date = day("收到日期", "received")
    file: str = text("文件", "file")
    sheet: str | None = text("工作表", "sheet", default=None)
    archived: str | None = text("存档号", "archive number", default=None)
    nil: bool = flag("零报告", "nothing to report", default=False)
    replaced_by: str | None = ref("delivery", "被替换为", "replaced by", default=None)
    digest: str | None = text("内容摘要", "digest of what it says", default=None)


@record("unmatched", zh="待认签到", en="unmatched attendance", identity=("session", "name", "turn"))
class Unmatched:
    """A name at a session that cannot be told to be one learner: a visit, and no person.

    ``held``: several people fit, or one who may be another, until it is decided; ``unnamed``: nothing but a name, or a
    phone, which names nobody. ``decided``: it was found to be ``who``, came by name and is no longer counted here; the same
    row of the same list, sent again, needs no second decision.
    """

    session: str = ref("session", "场次", "session", aliases=("场次编号",))
    name: str = full_name("姓名", "name", tier="personal")
    turn: int = number("第几个", "turn")
    born: dt.date | None = birth("出生日期", "birth date", default=None, tier="personal")
    sex: str | None = choice(
        "性别", "sex", choice_of("male", "男", "male"), choice_of("female", "女", "female"), default=None, tier="personal",
    )
    home: str | None = ref("place", "居住地", "home", default=None)
    minutes: int | None = duration("参与时长", "minutes", default=None, unit="minute", maximum=1440)
    state: str = choice(
        "状态", "state", choice_of("held", "待定", "held"), choice_of("unnamed", "不具名", "unnamed"),
        choice_of("decided", "已定", "decided"), default="held",
    )
    who: str | None = ref("learner", "认定为", "decided to be", default=None)


_VERDICT = (choice_of("same", "同一", "the same"), choice_of("different", "不同", "different"))


@record("same_learner", zh="同一人", en="same person", identity=("learner", "main"))
class SameLearner:
    """Whether two learners are one person. Of the same, ``learner`` is counted as ``main`` and keeps every row of its own."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    main: str = ref("learner", "保留的学员", "counted as", aliases=("保留的学员编号",))
    verdict: str = choice("判定", "verdict", *_VERDICT, default="same")


@record("same_session", zh="同一场次", en="same session", identity=("session", "main"))
class SameSession:
    """Whether two sessions are one. Of the same, ``session`` is not counted, and who came to it came to ``main``."""

    session: str = ref("session", "场次", "session", aliases=("场次编号",))
    main: str = ref("session", "保留的场次", "counted as", aliases=("保留的场次编号",))
    verdict: str = choice("判定", "verdict", *_VERDICT, default="same")


@record("reported", zh="上报数", en="reported figure", identity=("place", "period", "metric", "source_name"))
class Reported:
    """A figure as somebody else states it. It stands beside ours and is never added in."""

    place: str = ref("place", "地点", "place", aliases=("地点代码", "代码", "区划代码"))
    period: str = period("时期", "period")
    metric: str = text("指标", "metric", aliases=("指标代码",))
    source_name: str = heading("报数单位", "who states it", aliases=("来源", "数据来源", "提供单位"))
    value: int = hundredths("数值", "value", unit="1/100", maximum=10**15, aliases=("分子", "人数", "数"))
    of: int | None = hundredths("分母", "of", default=None, unit="1/100", maximum=10**15)
    stated: dt.date | None = day("报数日期", "stated on", default=None)
