"""Learners and their standings."""

from __future__ import annotations

import datetime as dt

from commlms.core.records import birth, choice, choice_of, day, full_name, id_card, identifier, record, ref, text


@record(
    "learner", zh="学员", en="learner", identity=("code",), also=(("id_number",),),
    weak=(("name", "born", "home"), ("name", "born")), bulk=True,
)
class Learner:
    """One person, one lifelong record. Home, hukou and occupation are dated states.

    A move is a row with ``since``; without it, what differs from the store is a conflict.
    """

    code: str | None = identifier("学员编号", "learner code", default=None, firm=True, aliases=("编号", "学号", "学员号"))
    name: str = full_name("姓名", "name", tier="personal", firm=True, aliases=("学员姓名", "名字", "学员"))
    sex: str | None = choice(
        "性别", "sex", choice_of("male", "男", "male", "M", "男性"), choice_of("female", "女", "female", "F", "女性"),
        default=None, tier="personal", firm=True,
    )
    born: dt.date | None = birth(
        "出生日期", "birth date", default=None, tier="personal", firm=True, aliases=("出生年月日", "生日", "出生年月", "出生年份"),
    )
    id_number: str | None = id_card(
        "身份证号", "ID number", default=None, tier="sensitive", firm=True,
        aliases=("身份证", "证件号码", "身份证号码", "公民身份号码"),
    )
    home: str | None = ref(
        "place", "居住地", "home", dated=True, default=None, aliases=("现居住地", "居住地代码", "住址", "居住村社区", "所在村社区")
    )
    hukou: str | None = choice(
        "户口", "household registration",
        choice_of("local_urban", "本地城镇", "local, urban", "本地非农业", "本地非农"),
        choice_of("local_rural", "本地农村", "local, rural", "本地农业"),
        choice_of("other_urban", "外地城镇", "from elsewhere, urban", "外地非农业", "外地非农"),
        choice_of("other_rural", "外地农村", "from elsewhere, rural", "外地农业"),
        dated=True, default=None, tier="personal", aliases=("户籍", "户口性质", "户籍类型"),
    )
    occupation: str | None = choice(
        "职业", "occupation",
        choice_of("farmer", "务农", "farmer", "农民"), choice_of("worker", "务工", "migrant or manual worker", "工人", "务工人员"),
        choice_of("employed", "在职", "employed", "职工", "在岗"), choice_of("self_employed", "个体", "self-employed", "个体经营"),
        choice_of("unemployed", "待业", "unemployed", "下岗失业", "失业", "下岗"), choice_of("student", "学生", "student"),
        choice_of("retired", "退休", "retired", "离退休"), choice_of("other", "其他", "other"),
        dated=True, default=None, tier="personal", open=True, aliases=("从业状况",),
    )
    since: dt.date | None = day("变动日期", "since", default=None, virtual=True, aliases=("迁入日期", "起始日期", "自"))


@record("standing", zh="身份", en="standing", identity=("learner", "group", "since"))
class Standing:
    """A dated membership of a learner in a group that cannot be computed."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    group: str = choice(
        "身份类别", "group", open=True, vocabulary="standing", tier="sensitive",
        aliases=("类别", "身份"),
    )
    since: dt.date = day("认定日期", "since", aliases=("起始日期",))
    until: dt.date | None = day("终止日期", "until", default=None, future=True, last=("有效期至", "有效期止", "到期日期"))
    evidence: str | None = text("依据", "evidence", default=None, tier="personal", aliases=("证书编号", "证明"))
    grade: str | None = text("等级", "grade", default=None)
