"""What the plugin declares: the titles, the rounds of naming, the figures."""

import datetime as dt

from commlms import Metric, Places, Rows, choice, choice_of, day, heading, identifier, number, record, ref, text, this
from commlms_recognition.kinds import KINDS, ORGANISATIONS, RANKS


@record(
    "recognition.status", zh="称号", en="title", identity=("place", "kind", "rank", "holder", "state", "since"),
    weak=(("place", "kind", "rank"),),
)
class Status:
    """A title that a place, an organisation at it or a person holds from a day on, or seeks, until a day on which no more."""

    place: str = ref("place", "地点", "place", aliases=("地区", "单位", "区划代码", "地点代码", "县（区）", "乡镇（街道）", "村（社区）"))
    kind: str = choice("称号", "title", *KINDS, open=True, aliases=("称号名称", "荣誉称号", "创建项目", "类别"))
    rank: str = choice("级别", "rank", *RANKS, aliases=("等级", "授予级别", "称号级别"))
    holder: str | None = text(
        "获得者", "holder", default=None, tier="personal", aliases=("组织名称", "品牌名称", "获奖单位", "项目名称", "姓名"),
    )
    state: str = choice(
        "状态", "state", choice_of("held", "已授予", "held", "已命名", "已建成", "已认定", "授予", "命名"),
        choice_of("seeking", "创建中", "being sought", "申报中", "争创中", "创建", "申报", "争创"), default="held", aliases=("创建状态",),
    )
    since: dt.date | None = day(
        "授予日期", "since", default=None, aliases=("起始日期", "命名日期", "批准日期", "认定日期", "申报日期", "创建日期"),
    )
    until: dt.date | None = day(
        "失效日期", "until", default=None, future=True, aliases=("终止日期", "撤销日期", "结束日期", "摘牌日期"),
        last=("有效期至", "有效期止", "有效期截止", "有效截止日期", "到期日期", "到期时间", "到期日"),
    )
    ended: str | None = choice(
        "失效原因", "why it ended", choice_of("expired", "到期", "expired", "期满"),
        choice_of("withdrawn", "撤销", "withdrawn", "摘牌", "淘汰", "取消"), choice_of("decided", "已评定", "decided", "已批准", "未通过"),
        default=None, aliases=("终止原因", "撤销原因"),
    )
    recheck: dt.date | None = day("复核日期", "to be checked again on", default=None, future=True, aliases=("复评日期", "下次复核日期"))
    number: str | None = text("文号", "document number", default=None, aliases=("批准文号", "命名文号", "文件号", "授予文号"))
    giver: str | None = text(
        "授予单位", "given by", default=None, aliases=("命名单位", "批准单位", "认定单位", "评定单位", "命名机关", "授予机关"),
    )
    reason: str | None = text("事由", "reason", default=None, aliases=("理由", "特色", "地方特色"))


@record("recognition.naming", zh="命名批次", en="round of naming", identity=("place", "on", "title"))
class Naming:
    """A round in which a place names organisations, brands or persons."""

    place: str = ref("place", "命名地区", "place that names", aliases=("地点", "命名单位", "区划代码"))
    on: dt.date = day("命名日期", "date", aliases=("日期", "印发日期"))
    title: str = heading("批次名称", "title", aliases=("名称", "批次", "文件名称"))
    kind: str | None = choice("称号", "title given", *KINDS, default=None, open=True, aliases=("命名类别", "类别"))
    named: int | None = number("命名数量", "how many were named", default=None, aliases=("数量", "个数", "命名个数"))
    document: str | None = identifier("文号", "document number", default=None, aliases=("命名文号",))


_HELD = this.state.is_("held")
_EXPERIMENTAL, _DEMONSTRATION = this.kind.is_("experimental"), this.kind.is_("demonstration")
_HIGHER = this.rank.in_("nation", "province")
_NATIONAL = this.rank.is_("nation")
_OF_PLACES = ("place",)
_ZONES = Rows("recognition.status", _HELD & _EXPERIMENTAL & _HIGHER, distinct=_OF_PLACES)
_COMMUNITY = Rows("recognition.status", _HELD & this.kind.is_("learning_community"), here=True).at_least(1)


def _places(rank: str, kind: str, level: str) -> Metric:
    """How many places of a level hold a title of that rank themselves."""
    ranks = {"county": ("县（区）级", "of county rank"), "city": ("市级", "of city rank")}
    kinds = {"experimental": ("实验", "experimental"), "demonstration": ("示范", "demonstration")}
    levels = {
        "county": ("县（区）", "counties", "counties"), "township": ("乡镇（街道）", "townships", "townships"),
        "village": ("村（社区）", "villages", "villages"),
    }
    zh, plural, key = levels[level]
    held = Rows("recognition.status", _HELD & this.kind.is_(kind) & this.rank.is_(rank), here=True)
    return Metric(
        f"recognition.{rank}_{kind}_{key}", f"{ranks[rank][0]}{kinds[kind][0]}{zh}", f"{kinds[kind][1]} {plural} {ranks[rank][1]}",
        Places(level, held.at_least(1)), unit="place",
    )


METRICS = (
    Metric("recognition.provincial_zones", "省级以上实验区", "experimental zones of provincial rank or above", _ZONES, unit="place"),
    Metric(
        "recognition.provincial_zone", "本地为省级以上实验区", "is an experimental zone of provincial rank or above itself",
        Rows("recognition.status", _HELD & _EXPERIMENTAL & _HIGHER, distinct=_OF_PLACES, here=True), unit="place",
    ),
    Metric(
        "recognition.seeks_national_demonstration", "本地在创建全国示范区", "seeks to become a national demonstration zone itself",
        Rows(
            "recognition.status", this.state.is_("seeking") & _DEMONSTRATION & _NATIONAL, distinct=_OF_PLACES, here=True,
        ), unit="place",
    ),
    Metric(
        "recognition.national_experimental_share", "省级以上实验区中的全国实验区", "national zones among experimental zones",
        Rows("recognition.status", _HELD & _EXPERIMENTAL & _NATIONAL, distinct=_OF_PLACES), _ZONES, unit="place",
    ),
    Metric(
        "recognition.national_demonstration_share", "全国示范区与省级以上实验区之比", "national demonstration zones to experimental zones",
        Rows("recognition.status", _HELD & _DEMONSTRATION & _NATIONAL, distinct=_OF_PLACES), _ZONES, unit="place",
    ),
    Metric(
        "recognition.higher_zones", "省级以上实验区和示范区", "experimental or demonstration zones of provincial rank or above",
        Rows("recognition.status", _HELD & (_EXPERIMENTAL | _DEMONSTRATION) & _HIGHER, distinct=_OF_PLACES), unit="place",
    ),
    *(_places("county", kind, level) for kind in ("experimental", "demonstration") for level in ("township", "village")),
    *(_places("city", "demonstration", level) for level in ("county", "township", "village")),
    Metric(
        "recognition.municipal_demonstration", "本地为市级示范区（直辖市为省级）",
        "is a demonstration zone of city or provincial rank itself",
        Rows("recognition.status", _HELD & _DEMONSTRATION & this.rank.in_("province", "city"), distinct=_OF_PLACES, here=True),
        unit="place",
    ),
    Metric(
        "recognition.national_demonstration", "本地为全国示范区", "is a national demonstration zone itself",
        Rows("recognition.status", _HELD & _DEMONSTRATION & _NATIONAL, distinct=_OF_PLACES, here=True), unit="place",
    ),
    Metric("recognition.learning_communities", "学习型社区", "learning communities", Places("village", _COMMUNITY), unit="place"),
    Metric(
        "recognition.learning_community_rate", "学习型社区创建率", "share of communities that are learning communities",
        Places("village", _COMMUNITY, kind="community"), Places("village", kind="community"), unit="place",
    ),
    Metric(
        "recognition.learning_organisations", "学习型组织", "learning organisations",
        Rows("recognition.status", _HELD & this.kind.in_(*ORGANISATIONS), distinct=("kind", "holder")), unit="row",
    ),
    Metric(
        "recognition.brands", "优质学习品牌", "quality learning brands",
        Rows("recognition.status", _HELD & this.kind.is_("brand"), distinct=("holder",)), unit="row",
    ),
    Metric(
        "recognition.modern_schools", "现代化社区学校", "modern community schools",
        Rows("recognition.status", _HELD & this.kind.is_("modern_school"), distinct=("holder",)), unit="row",
    ),
    Metric(
        "recognition.modern_school_townships", "已建或在建现代化社区学校的乡镇（街道）",
        "townships that hold or seek a modern community school",
        Places("township", Rows("recognition.status", this.kind.is_("modern_school"), here=True).at_least(1)), Places("township"),
        unit="place",
    ),
    Metric("recognition.naming_batches", "命名批次", "rounds of naming", Rows("recognition.naming", day="on", here=True), unit="row"),
    Metric(
        "recognition.organisation_batches", "学习型组织命名批次", "rounds of naming of learning organisations",
        Rows("recognition.naming", this.kind.in_("learning_community", *ORGANISATIONS), day="on", here=True), unit="row",
    ),
)
