"""What the plugin declares: funds, payrolls, and the figures counted from them. Money is whole fen, never a float."""

from decimal import Decimal
from functools import partial

from commlms import Metric, Residents, Rows, choice, choice_of, heading, money, period, record, ref, text, this

_PERIOD = ("年度", "年份", "所属年度", "预算年度", "期间", "统计年度")
_PLACE = ("安排单位", "单位", "区县", "县（区）", "县区", "地区", "所属地", "地点代码", "区划代码")


@record("funding.fund", zh="经费", en="fund", identity=("place", "period", "channel", "purpose", "title"))
class Fund:
    """Money for community education of a place and period, from one source for one purpose."""

    place: str = ref("place", "地点", "place", aliases=_PLACE)
    period: str = period("时期", "period", aliases=_PERIOD)
    channel: str = choice(
        "经费来源", "source",
        choice_of(
            "government", "财政", "government", "政府", "政府投入", "政府拨款", "财政拨款", "财政资金", "财政安排",
            "区财政", "县财政", "市财政", "区级财政", "县级财政", "市级财政", "本级财政", "街道财政", "镇财政", "乡财政",
            "乡镇财政", "镇街财政",
        ),
        choice_of(
            "society", "社会", "society", "社会捐赠", "社会捐助", "捐赠", "社会资本", "社会筹", "社会投入", "社会组织", "赞助",
            "企业赞助", "企业捐赠", "社会赞助",
        ),
        choice_of("unit", "单位", "unit", "单位自筹", "自筹", "企事业单位", "单位投入", "单位出", "依托单位"),
        choice_of("individual", "个人", "individual", "个人缴费", "学费", "学员缴费", "学习者分担", "学习者合理分担", "个人拿"),
        aliases=("来源", "资金来源", "来源渠道", "渠道"),
    )
    purpose: str = choice(
        "经费用途", "purpose", choice_of("special", "专项经费", "special fund", "社区教育专项经费", "专项", "专项资金"),
        choice_of("training", "专项培训经费", "special training fund", "社区教育专项培训经费", "培训经费", "培训"),
        choice_of("digital", "信息化", "digital", "信息化建设", "数字化", "信息化经费"),
        choice_of("premises", "场地设施", "premises", "基建", "用房", "设施设备", "场地"),
        choice_of("staff", "人员经费", "staff", "队伍建设", "师资"), choice_of("activity", "活动经费", "activities", "活动"),
        choice_of("general", "一般经费", "general", "公用经费", "日常经费", "社区教育经费", "运行经费", "其他"),
        aliases=("用途", "资金用途", "经费类别", "类别", "支出方向", "科目"),
    )
    title: str | None = heading("项目名称", "title", default=None, aliases=("项目", "经费名称", "资金名称", "名称"))
    budgeted: Decimal | int | None = money(
        "预算", "budget", default=None,
        aliases=("预算数", "预算安排", "安排经费", "年初预算", "预算金额", "安排数", "安排金额", "设立经费", "经费"),
    )
    appropriated: Decimal | int | None = money(
        "拨付", "appropriation", default=None,
        aliases=("拨付数", "已拨付", "拨付金额", "到位", "到位经费", "实际到位", "落实到位", "拨款", "到位金额"),
    )
    paid: Decimal | int | None = money(
        "支出", "expenditure", default=None, aliases=("支出数", "实际支出", "支出金额", "决算", "决算数", "已支出", "执行数"),
    )
    form: str | None = choice(
        "投入方式", "form", choice_of("project", "项目", "by project", "项目开展", "项目开展方式"),
        choice_of("authorised", "政府授权", "government authorisation"),
        choice_of("purchase", "政府购买", "government purchase", "购买服务"),
        choice_of("outsourced", "项目外包", "outsourced"), choice_of("entrusted", "委托管理", "entrusted"),
        choice_of("grant", "拨款补助", "grant", "补助"), default=None, open=True, aliases=("方式", "支持方式"),
    )
    document: str | None = text("文号", "document number", default=None, aliases=("依据文号", "文件号", "拨款文号", "文件编号"))


@record("funding.payroll", zh="职工教育培训", en="staff training of an employer", identity=("place", "organisation", "period"))
class Payroll:
    """What an enterprise or public institution paid in wages, and spent on training its staff."""

    place: str = ref("place", "所在地", "place", aliases=("所在街道", "街道", "所在社区", "所属街道", "地点", "区划代码"))
    organisation: str = heading("单位名称", "organisation", aliases=("名称", "企业名称", "单位", "用人单位", "企业"))
    kind: str = choice(
        "单位类型", "kind", choice_of("enterprise", "企业", "enterprise", "企业单位", "民营企业", "国有企业"),
        choice_of("institution", "事业单位", "public institution", "事业"), aliases=("类型", "单位性质", "性质", "类别"),
    )
    period: str = period("时期", "period", aliases=_PERIOD)
    wages: Decimal | int = money("工资总额", "total wages", aliases=("职工工资总额", "年工资总额", "工资", "全年工资总额"))
    training: Decimal | int = money(
        "培训支出", "spent on training",
        aliases=("职工教育培训支出", "职工教育经费", "职工培训经费", "教育培训经费", "教育经费支出", "培训经费"),
    )


_funds = partial(Rows, "funding.fund", day="period")
_GOVERNMENT = this.channel.is_("government")
_SPECIAL = _GOVERNMENT & this.purpose.in_("special", "training")
_TRAINING = _GOVERNMENT & this.purpose.is_("training")


def _per_head(name: str, zh: str, en: str, counted: Rows) -> Metric:
    return Metric(f"funding.{name}", f"人均{zh}", f"{en} per permanent resident", counted, Residents(), unit="fen")


METRICS = (
    Metric("funding.arranged", "安排的社区教育经费", "money arranged", _funds(value="budgeted"), unit="fen"),
    Metric("funding.appropriated", "拨付的社区教育经费", "money appropriated", _funds(value="appropriated"), unit="fen"),
    Metric("funding.paid", "支出的社区教育经费", "money paid", _funds(value="paid"), unit="fen"),
    _per_head(
        "arranged_per_head", "本级财政安排经费", "money arranged by the own government",
        _funds(value="budgeted", where=_GOVERNMENT, here=True),
    ),
    _per_head(
        "special_arranged_per_head", "本级财政专项经费", "special fund arranged", _funds(value="budgeted", where=_SPECIAL, here=True),
    ),
    _per_head(
        "special_provided_per_head", "本级财政到位专项经费", "special fund appropriated",
        _funds(value="appropriated", where=_SPECIAL, here=True),
    ),
    _per_head(
        "training_arranged_per_head", "本级财政专项培训经费", "special training fund arranged",
        _funds(value="budgeted", where=_TRAINING, here=True),
    ),
    Metric(
        "funding.digital_share", "信息化经费占比", "share for digitalisation",
        _funds(value="budgeted", where=this.purpose.is_("digital")), _funds(value="budgeted"), unit="fen",
    ),
    Metric(
        "funding.government_share", "财政经费占比", "share of government", _funds(value="budgeted", where=_GOVERNMENT),
        _funds(value="budgeted"), unit="fen",
    ),
    Metric(
        "funding.project_share", "项目方式投入占比", "share given by project", _funds(value="paid", where=this.form.is_("project")),
        _funds(value="paid"), unit="fen",
    ),
    Metric(
        "funding.wage_training", "职工教育培训支出占工资总额", "training to wages", Rows("funding.payroll", day="period", value="training"),
        Rows("funding.payroll", day="period", value="wages"), unit="fen",
    ),
)
