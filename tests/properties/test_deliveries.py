"""Laws of deliveries over random folders: again is nothing, order is nothing, undo is the former content, no row is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS, UndoRefused
from commlms.ingest.deliveries import Fate
from commlms.ingest.review import Verdict
from tests.ingest.clerk import new_city
from tests.properties import papers as drawn
from tests.properties.papers import SURE, Paper, write

SUM = ("new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")
folders = st.lists(drawn.papers(), min_size=1, max_size=5)
LAW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def city() -> LMS:
    lms = new_city()
    lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
    return lms


def content(lms: LMS) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row but those that tell of the writing itself."""
    skipped = {"journal", "journal_old", "meta", "_sqlite_migrations"}
    tables = sorted(t for t in lms.database.tables() - skipped if not t.startswith("sqlite"))
    return {t: sorted(lms.database.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


def facts(lms: LMS) -> Mapping[str, list[tuple[Any, ...]]]:
    """What is known of sessions, people and visits, and which deliveries count, whatever the numbers of the rows."""
    session = "(SELECT t.institution || ' ' || t.\"on\" || ' ' || t.theme || ' ' || t.start FROM session t WHERE t.id = x.session)"
    asked = {
        "session": 'SELECT institution, "on", start, theme, minutes, began, meetings FROM session',
        "learner": "SELECT x.name, x.born_first, x.born_last, x.id_number_digest, s.since, s.home FROM learner x "
                   "JOIN learner_state s ON s.owner = x.id",
        "participation": f"SELECT {session}, l.name, l.born_first, x.minutes FROM participation x JOIN learner l ON l.id = x.learner",
        "headcount": f"SELECT {session}, counts, audience, persons, persons_about FROM headcount x",
        "unmatched": f"SELECT {session}, name, born_first, born_last, home, state FROM unmatched x",
        "delivery": "SELECT sender, shape, period, nil, digest FROM delivery WHERE replaced_by IS NULL",
    }
    return {name: sorted(lms.database.execute(sql).fetchall(), key=repr) for name, sql in asked.items()}


def check(lms: LMS, fates: Iterable[Fate]) -> None:
    """No row is lost, the totals are a recount's, and unmatched rows are counted."""
    for fate in fates:
        if fate.counts:
            assert fate.counts["read"] == sum(fate.counts[n] for n in SUM), fate
    assert lms.recount(check=True) == []
    counted = lms.database.execute("SELECT session, persons FROM headcount WHERE counts = 'unmatched' ORDER BY session").fetchall()
    rows = lms.database.execute("SELECT session, COUNT(*) FROM unmatched WHERE state <> 'decided' GROUP BY session ORDER BY session")
    assert counted == rows.fetchall()
    assert [f for f in lms.doctor() if f.bad] == []


def no_line_lost(fates: Iterable[Fate], sent: Mapping[Path, Paper]) -> None:
    """Of every file of which each delivery was tried, as many lines were read as were written."""
    by_file: dict[Path, list[Fate]] = {}
    for fate in fates:
        by_file.setdefault(fate.paper.path, []).append(fate)
    assert by_file.keys() == sent.keys()
    for path, some in by_file.items():
        if all(f.counts for f in some):
            assert sum(f.counts["read"] for f in some) == sent[path].read, sent[path]


@LAW
@given(folders, st.randoms(use_true_random=False))
def test_taken_again_or_in_another_order_the_content_is_the_same(sent: list[Paper], random: Any) -> None:
    """What was sent twice changes nothing, and the order in which files are named nothing either."""
    with tempfile.TemporaryDirectory() as name, city() as one, city() as other:
        written = write(Path(name), sent)
        paths = list(written)
        fates = one.office.take(paths)
        check(one, fates)
        no_line_lost(fates, written)
        first = content(one)
        again = one.office.take([Path(name)])
        assert not [f for f in again if f.kind == "taken"]
        assert content(one) == first
        random.shuffle(paths)
        other.office.take(paths)
        assert content(other) == first


@LAW
@given(folders, folders)
def test_undo_of_deliveries_from_the_last_to_the_first_gives_each_former_content(sent: list[Paper], later: list[Paper]) -> None:
    """Replaced deliveries come back with every row they had made."""
    with tempfile.TemporaryDirectory() as name, city() as lms:
        before = [(0, content(lms))]
        for number, papers in enumerate((sent, later)):
            folder = Path(name) / str(number)
            folder.mkdir()
            write(folder, papers)
            plan = lms.office.plan([folder], lms.office.options(fewer=True))
            for fate in lms.office.taking(plan, accepted=True):
                check(lms, [fate])
                if fate.journal:
                    before.append((fate.journal, content(lms)))
        for (journal, _), (_, former) in zip(reversed(before), reversed(before[:-1]), strict=False):
            lms.undo(journal)
            assert content(lms) == former
            assert lms.recount(check=True) == []


@LAW
@given(folders, folders, st.lists(st.sampled_from(["same", "different"]), min_size=4, max_size=4), st.randoms(use_true_random=False))
def test_deliveries_and_decisions_are_undone_in_any_order_or_refused_whole(
    sent: list[Paper], later: list[Paper], verdicts: list[Verdict], random: Any
) -> None:
    """One on which others rest is refused and nothing changes; in the end there is what was before the first."""
    with tempfile.TemporaryDirectory() as name, city() as lms:
        empty, open_ = content(lms), []
        for number, papers in enumerate((sent, later)):
            folder = Path(name) / str(number)
            folder.mkdir()
            write(folder, papers)
            plan = lms.office.plan([folder], lms.office.options(fewer=True))
            open_ += [f.journal for f in lms.office.taking(plan, accepted=True) if f.journal]
            check(lms, [])
            for verdict in verdicts:
                if cases := lms.office.open_cases():
                    case = random.choice(cases)
                    open_.append(lms.office.decide(case, verdict if case.candidates else "different"))
        while open_:
            random.shuffle(open_)
            left = []
            for journal in open_:
                former = content(lms)
                try:
                    lms.undo(journal)
                except UndoRefused:
                    assert content(lms) == former
                    left.append(journal)
                check(lms, [])
            assert len(left) < len(open_), "nothing can be undone any more"
            open_ = left
        assert content(lms) == empty


@LAW
@given(st.lists(drawn.papers(SURE, (10, 20)), min_size=2, max_size=5, unique_by=lambda p: p.stem), st.randoms(use_true_random=False))
def test_files_taken_one_by_one_give_the_same_facts_in_any_order(sent: list[Paper], random: Any) -> None:
    """Of files that replace no other, with people who are known for certain; row numbers tell of the order alone."""
    sent = [p for p in sent if p.sheets[0].name != "零报告" and "（" not in p.stem and "全年" not in p.stem]
    with tempfile.TemporaryDirectory() as name, city() as one, city() as other:
        paths = list(write(Path(name), sent))
        for path in paths:
            one.office.take([path])
        random.shuffle(paths)
        for path in paths:
            other.office.take([path])
        assert facts(one) == facts(other)
