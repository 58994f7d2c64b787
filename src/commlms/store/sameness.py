"""What was decided about who and what is one: is it a decision that can be counted by?

Flat: one that is counted as another is so once, and nobody is counted as it. And nobody is in a group with one that it
was decided to be different from.
"""

from __future__ import annotations

from collections.abc import Iterator

from commlms.core.errors import CommLMSError
from commlms.core.labels import Label
from commlms.store.database import Database

_SAME = "SELECT * FROM same_{kind} WHERE verdict = 'same' AND {kind} <> main"
_FAULTS = (
    ("SELECT {kind} FROM same_{kind} WHERE {kind} = main", Label(
        "{kind} {0} 被判定与它自己同一或不同；请写另一个", "{kind} {0} is decided about with itself; name another one")),
    (f"SELECT {{kind}}, MIN(main), MAX(main) FROM ({_SAME}) GROUP BY {{kind}} HAVING COUNT(*) > 1", Label(
        "{kind} {0} 既并入 {1} 又并入 {2}；请只留一个，再把这两个判为同一",
        "{kind} {0} is counted as {1} and as {2}; keep one of the two, and decide that those two are the same")),
    (f"SELECT a.{{kind}}, a.main, b.main FROM ({_SAME}) a JOIN ({_SAME}) b ON b.{{kind}} = a.main", Label(
        "{kind} {0} 并入的 {1} 自己又并入 {2}；请把 {0} 直接并入 {2}",
        "{kind} {0} is counted as {1}, which is itself counted as {2}; let {0} be counted as {2}")),
    (f"SELECT d.{{kind}}, d.main FROM same_{{kind}} d LEFT JOIN ({_SAME}) a ON a.{{kind}} = d.{{kind}} "
     f"LEFT JOIN ({_SAME}) b ON b.{{kind}} = d.main WHERE d.verdict = 'different' "
     "AND COALESCE(a.main, d.{kind}) = COALESCE(b.main, d.main) AND d.{kind} <> d.main", Label(
        "{kind} {0} 与 {1} 已判为不同，却并入了同一个；请先改其中一项判定",
        "{kind} {0} and {1} are decided to be different, and yet counted as one; change one of the decisions first")),
)
_KINDS = {"learner": Label("学员", "learner"), "session": Label("场次", "session")}


def sameness_faults(database: Database) -> Iterator[Label]:
    """What contradicts itself among the decided, people and sessions by the reference of their row."""
    for kind, label in _KINDS.items():
        for sql, fault in _FAULTS:
            for found in database.execute(sql.format(kind=kind)).fetchall():
                rows = [f"#{row}.{database.uid}" for row in found]
                yield Label(fault.zh.format(*rows, kind=label.zh), fault.en.format(*rows, kind=label.en))


def refuse_bad_sameness(database: Database) -> None:
    """Inside a write of such decisions: refuse it if nobody could count by them afterwards."""
    fault = next(sameness_faults(database), None)
    if fault is not None:
        raise CommLMSError(Label("{fault}。未写入任何内容", "{fault}. Nothing was written"), fault=fault)
