"""What came of learning: completions, assessments, credits, certificates, awards."""

from __future__ import annotations

import datetime as dt

from commlms.core.records import choice, choice_of, day, heading, hundredths, record, ref, text


@record("outcome", zh="成果", en="outcome", identity=("learner", "kind", "on", "title"))
class Outcome:
    """One result of one learner on one day."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    kind: str = choice(
        "成果类型", "kind", choice_of("completion", "结业", "completion"), choice_of("assessment", "考核", "assessment"),
        choice_of("credit", "学分", "credit entry"), choice_of("certificate", "证书", "certificate"),
        choice_of("award", "荣誉", "award", "表彰"), aliases=("类型",),
    )
    on: dt.date = day("取得日期", "date", aliases=("日期",))
    title: str = heading("成果名称", "title", aliases=("名称",))
    course: str | None = ref("course", "课程", "course", default=None, aliases=("课程编号",))
    credits: int | None = hundredths("学分数", "credits", default=None, unit="credit/100", maximum=10_000_000)
    grade: str | None = text("等级", "grade", default=None)
