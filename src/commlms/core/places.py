"""Places, their residents, and the institutions at them."""

from __future__ import annotations

import datetime as dt

from commlms.core.records import choice, choice_of, day, identifier, people, record, ref, text

#: The five administrative levels, top first.
LEVELS = ("province", "city", "county", "township", "village")

_LEVEL_CHOICES = (
    choice_of("province", "省", "province", "省级", "直辖市"),
    choice_of("city", "市", "city", "地级市", "市级"),
    choice_of("county", "县（区）", "county", "县", "区", "县级", "县区", "县(市、区)"),
    choice_of("township", "乡镇（街道）", "township", "乡镇", "街道", "镇", "乡", "乡镇街道"),
    choice_of("village", "村（社区）", "village", "村", "社区", "村社区", "居(村)"),
)


@record("place", zh="地点", en="place", identity=("code",))
class Place:
    """A territory with a lasting id; everything about it is a dated state.

    ``former`` names the code it had before ``since`` and is how a re-coded place is found again.
    """

    code: str = identifier("代码", "code", dated=True, aliases=("区划代码", "地点代码", "统计用区划代码"))
    name: str = text("名称", "name", dated=True, aliases=("地点名称", "区划名称"))
    level: str = choice("级别", "level", *_LEVEL_CHOICES, dated=True, aliases=("层级",))
    kind: str | None = choice(
        "类别", "kind",
        choice_of("street", "街道", "sub-district"), choice_of("town", "镇", "town"),
        choice_of("township", "乡", "township", "民族乡"), choice_of("community", "社区", "community", "居委会"),
        choice_of("village", "村", "village", "村委会"),
        choice_of("zone", "开发区", "development zone", "高新区", "经开区", "功能区", "园区"),
        dated=True, default=None, open=True,
    )
    area: str | None = choice(
        "城乡", "urban or rural", choice_of("urban", "城镇", "urban", "城市"), choice_of("rural", "乡村", "rural", "农村"),
        dated=True, default=None, aliases=("城乡分类",),
    )
    region: str | None = text("片区", "region", dated=True, default=None)
    aliases: str | None = text("别名", "aliases", dated=True, default=None, aliases=("又名",))
    parent: str | None = ref("place", "上级代码", "parent", dated=True, default=None, aliases=("上级", "所属"))
    reports_to: str | None = ref("place", "报送上级", "reports to", dated=True, default=None, aliases=("报送单位",))
    former: str | None = identifier("原代码", "former code", default=None, virtual=True)
    since: dt.date | None = day("生效日期", "since", default=None, virtual=True, future=True)
    until: dt.date | None = day("失效日期", "until", default=None, virtual=True, future=True)


@record("residents", zh="居民数", en="residents", identity=("place", "on", "basis", "group"))
class Residents:
    """People of a place on a date, by group and basis, with where the figure is from."""

    place: str = ref("place", "地点", "place", aliases=("地点代码", "代码", "区划代码"))
    on: dt.date = day("日期", "date", aliases=("时点", "统计时点"))
    basis: str = choice(
        "口径", "basis",
        choice_of("permanent", "常住", "permanent residents", "常住人口"),
        choice_of("registered", "户籍", "household register", "户籍人口"),
        choice_of("actual", "实有", "actual residents", "实有人口"),
    )
    group: str = choice(
        "人群", "group", choice_of("all", "全部", "all", "总人口", "合计人口"),
        choice_of("employed", "从业人员", "employed people"),
        default="all", open=True, vocabulary="population",
    )
    persons: int = people("人数", "persons", maximum=2_000_000_000, aliases=("人口", "居民数"))
    nature: str = choice(
        "数据性质", "nature", choice_of("census", "普查", "census"), choice_of("register", "登记", "register"),
        choice_of("estimate", "估算", "estimate", "推算"), aliases=("性质",),
    )
    citation: str | None = text("出处", "citation", default=None, aliases=("来源", "数据来源"))


#: Its public name; among the measures ``Residents`` is a denominator.
ResidentsRecord = Residents


@record("institution", zh="机构", en="institution", identity=("code",), weak=(("name",),))
class Institution:
    """A school-running body at a place: local level name, host body, further nameplates."""

    code: str = identifier("机构编号", "institution code", aliases=("机构代码", "编号", "办学机构编号"))
    name: str = text("机构名称", "institution name", aliases=("名称", "机构", "单位名称", "办学机构"))
    place: str = ref("place", "所在地", "place", aliases=("所在地代码", "地点"))
    kind: str | None = choice(
        "机构类型", "kind",
        choice_of("university", "社区大学", "community university"),
        choice_of("college", "社区学院", "community college"),
        choice_of("school", "社区学校", "community school"),
        choice_of("point", "学习点", "learning point", "社区学习中心", "教学点", "学习站", "学习站(点)", "社区市民学校"),
        choice_of("seniors_point", "老年学习点", "seniors' learning point", "老年大学", "老年学校", "老年活动中心"),
        choice_of("vocational_centre", "职教中心", "vocational education centre", "职业教育中心"),
        default=None, open=True, aliases=("类型",),
    )
    host: str | None = text("依托单位", "host body", default=None, aliases=("依托",))
    nameplates: str | None = text("加挂牌子", "further nameplates", default=None)
    parent: str | None = ref("institution", "上级机构", "parent institution", default=None)
    since: dt.date | None = day("成立日期", "since", default=None, aliases=("设立日期",))
    until: dt.date | None = day("撤销日期", "until", default=None)
