"""An invented document over the registers of :mod:`tests.measure.offices`: a target of every kind that is judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from commlms import Host, Metric, Policy, Population, Residents, hookimpl, policy_from_toml
from commlms.core.expressions import age
from commlms.core.metrics import Total
from tests.measure.offices import POSTS, Plugin

HEAD = """
[policy]
key = "duties-2020"
id = "901"
code = "du"
zh = "关于办公室登记的通知"
en = "Notice on the registers of offices"
number = "云办〔2020〕9号"
issuer = { zh = "云办", en = "an office" }
jurisdiction = "9901"
tree = "admin"
issued = 2019-12-20
published = 2019-12-25
effective = 2020-01-01
repeals = [{ number = "云办〔2010〕1号", zh = "旧通知", en = "an old notice" }]
"""
_TARGET = """
[[target]]
id = "du-{id}"
zh = "{id} 目标"
en = "the target {id}"
metric = "{metric}"
compare = "{compare}"
literal = "{literal}"
value = {value}
unit = "{unit}"
scope = {scope}
judge = "{judge}"
standing = true
window = "year"
force = "mandatory"
clause = "一（{n}）"
quote = "{quote}"
gloss = "demand {id}"
reading = "explicit"
req = []
{more}
"""
_BASIS = 'basis = "permanent"'
#: id, metric, compare, literal, value, unit, scope, judge, quote, further lines.
TARGETS = (
    ("ratio", "offices.posts_ratio", ">=", "不少于", "0.7", "percent", '{ level = "county" }', "each", "岗位不少于居民的0.7%", _BASIS),
    ("ratio-streets", "offices.posts_ratio", ">=", "不少于", "5", "per_10000", '{ level = "township", kind = "street" }', "together",
     "街道岗位不少于每万人5个", _BASIS),
    ("school", "offices.posts_ratio", ">=", "不少于", "3", "percent", '{ level = "village", subject = "institution" }', "each",
     "每所学校岗位不少于居民的3%", f'{_BASIS}\njoined = ["du-school-least"]'),
    ("school-least", "offices.posts", ">=", "最低", "2", "count", '{ level = "village", subject = "institution" }', "each",
     "每所学校最低2个岗位", 'joined = ["du-school"]'),
    ("own", "offices.own", ">", "超过", "1000", "count", '{ level = ["county", "township"] }', "each", "本级经费超过1000", ""),
    ("money-each", "offices.government", ">=", "不低于", "700", "count", '{ level = "county", subject = "offices.fund" }', "each",
     "每笔不低于700", ""),
    ("funded", "offices.funded_townships", ">=", "达到", "60", "percent", '{ level = "county" }', "each", "60%以上的乡镇达到自有经费", ""),
    ("staffed", "offices.staffed_communities", ">=", "达到", "50", "percent", '{ level = "township", kind = "street" }', "together",
     "50%的社区达到有岗位", ""),
    ("levels", "offices.levels", "==", "三级", "3", "count", '{ level = "county" }', "each", "三级网络", ""),
    ("trainings", "offices.trainings", "between", "至", "2", "count", '{ level = "county" }', "each", "每年培训2至3次",
     'value_max = 3\nbeyond = "short"'),
    ("roles", "offices.roles", "<=", "不多于", "2", "count", '{ level = "township" }', "each", "角色不多于2种", ""),
    ("people", "core.participation", ">=", "达到", "50", "percent", '{ level = "village" }', "each", "参与率达到50%", _BASIS),
    ("old", "offices.old_people", ">=", "达到", "1", "count", '{ level = "village" }', "each", "老人达到1人", ""),
)


def pack(targets: tuple[tuple[str, ...], ...] = TARGETS, head: str = HEAD) -> str:
    """The document as TOML."""
    names = ("id", "metric", "compare", "literal", "value", "unit", "scope", "judge", "quote", "more")
    return head + "".join(_TARGET.format(n=n, **dict(zip(names, t, strict=True))) for n, t in enumerate(targets, 1))


def read(*texts: str) -> list[Policy]:
    """The documents of these texts."""
    with TemporaryDirectory() as folder:
        found = []
        for number, text in enumerate(texts):
            path = Path(folder) / f"pack{number}.toml"
            path.write_text(text, encoding="utf-8")
            found.append(policy_from_toml(path))
    return found


class Duties(Plugin):
    """The registers, what is counted of them, and the document."""

    def __init__(self, documents: Callable[[], list[Policy]] = lambda: read(pack())) -> None:
        self.documents = documents

    @hookimpl
    def register_metrics(self) -> list[Metric]:
        """What is counted: posts to residents, and old people, a group that is small somewhere."""
        old = Metric("offices.old_people", "老人", "old people", Total(among=age >= 60), population="offices.old")
        ratio = Metric("offices.posts_ratio", "岗位比", "posts to residents", POSTS, Residents(), unit="row")
        return [*super().register_metrics(), old, ratio]

    @hookimpl
    def register_populations(self) -> list[Population]:
        """Old people."""
        return [Population("offices.old", "老人", "old people", age >= 60)]

    @hookimpl
    def register_policies(self) -> list[Policy]:
        """The document."""
        return self.documents()


def duties(*texts: str) -> Host:
    """The core with this plugin alone, and other documents where they are given."""
    others = ["policies", "seniors", "youth", "farmers", "migrants", "staffing", "funding", "premises", "recognition", "supervision"]
    return Host(modules={"offices": Duties((lambda: read(*texts)) if texts else (lambda: read(pack())))}, without=others)
