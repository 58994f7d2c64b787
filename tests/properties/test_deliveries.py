"""Laws of deliveries over random folders: again is nothing, order is nothing, undo is the former content, no row is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.ingest.deliveries import Fate
from tests.ingest.clerk import id_number, new_city

SUM = ("new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")
STREETS = ("大渡口街道", "清香坪街道")
PEOPLE = (
    f"王芳,{id_number('1955-08-09')},,", f"孙梅,{id_number('1949-03-04', serial=7)},,", "王芳,,1960-01-02,", "王芳,,,", "李雷,,1970-05-06,",
    "赵新,,1951,幸福社区", "赵新,,1951,", "钱多,,,", "坏人,990101195508091234,,", "吴远,,1952-02-03,没有这个村",
)

Ledger = tuple[int, str, tuple[tuple[int, str, int | str], ...]]
SignIn = tuple[int, int, tuple[int, ...]]

rows = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["茶艺", "书法", "合唱"]), st.sampled_from([10, 20, "约30", "许多"])),
    min_size=1, max_size=6, unique_by=lambda r: r[:2],
).map(tuple)
ledgers = st.tuples(st.integers(0, 1), st.sampled_from(["", "（补报）", "（重报）", "（最终）"]), rows)
sign_ins = st.tuples(st.integers(0, 1), st.integers(1, 6), st.lists(st.integers(0, len(PEOPLE) - 1), min_size=1, max_size=6).map(tuple))


def city() -> LMS:
    lms = new_city()
    lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
    return lms


def write(folder: Path, papers: Iterable[Ledger | SignIn]) -> list[Path]:
    """The files, each of another moment; of one name only the last is written."""
    made: dict[Path, None] = {}
    for number, paper in enumerate(papers):
        street = STREETS[paper[0]]
        if isinstance(paper[1], str):
            lines = [f"{street}2022年3月活动台账,,", "活动日期,活动主题,参加人数"]
            lines += [f"2022-03-{day:02d},{theme},{n}" for day, theme, n in paper[2]]  # type: ignore[misc]  # a ledger's rows
            path = folder / f"{street}台账{paper[1]}.csv"
        else:
            lines = [f"{street}签到表,,,", f"活动主题：茶艺,时间：2022年3月{paper[1]}日,,", "姓名,身份证号,出生日期,居住地"]
            lines += [PEOPLE[i] for i in paper[2]]  # type: ignore[index]  # a sign-in sheet's people
            path = folder / f"{street}签到{paper[1]}日.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.utime(path, (1_660_000_000 + number, 1_660_000_000 + number))
        made[path] = None
    return list(made)


def content(lms: LMS) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row but those that tell of the writing itself."""
    skipped = {"journal", "journal_old", "meta", "_sqlite_migrations"}
    tables = sorted(t for t in lms.database.tables() - skipped if not t.startswith("sqlite"))
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


def check(lms: LMS, fates: Sequence[Fate]) -> None:
    """No row is lost, the totals are a recount's, and unmatched rows are counted."""
    for fate in fates:
        if fate.counts:
            assert fate.counts["read"] == sum(fate.counts[n] for n in SUM), fate
    assert lms.recount(check=True) == []
    counted = lms.database.execute("SELECT session, persons FROM headcount WHERE counts = 'unmatched' ORDER BY session").fetchall()
    rows = lms.database.execute("SELECT session, COUNT(*) FROM unmatched WHERE state <> 'decided' GROUP BY session ORDER BY session")
    assert counted == rows.fetchall()
    assert [f for f in lms.doctor() if f.bad] == []


papers = st.lists(ledgers | sign_ins, min_size=1, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers, st.randoms(use_true_random=False))
def test_taken_again_or_in_another_order_the_content_is_the_same(sent: list[Ledger | SignIn], random: Any) -> None:
    """What was sent twice changes nothing, and the order in which files are named nothing either."""
    with tempfile.TemporaryDirectory() as name, city() as one, city() as other:
        paths = write(Path(name), sent)
        fates = one.office.take(paths)
        check(one, fates)
        first = content(one)
        again = one.office.take([Path(name)])
        assert not [f for f in again if f.kind == "taken"]
        assert content(one) == first
        random.shuffle(paths)
        other.office.take(paths)
        assert content(other) == first


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers, papers)
def test_undo_of_deliveries_from_the_last_to_the_first_gives_each_former_content(
    sent: list[Ledger | SignIn], later: list[Ledger | SignIn]
) -> None:
    """Replaced deliveries come back with every row they had made."""
    with tempfile.TemporaryDirectory() as name, city() as lms:
        before = [(0, content(lms))]
        for number, papers_ in enumerate((sent, later)):
            folder = Path(name) / str(number)
            folder.mkdir()
            write(folder, papers_)
            plan = lms.office.plan([folder], lms.office.options(fewer=True))
            for fate in lms.office.taking(plan, accepted=True):
                check(lms, [fate])
                if fate.journal:
                    before.append((fate.journal, content(lms)))
        for (journal, _), (_, former) in zip(reversed(before), reversed(before[:-1]), strict=False):
            lms.undo(journal)
            assert content(lms) == former
            assert lms.recount(check=True) == []
