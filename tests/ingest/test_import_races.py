"""Another process writes between an import's checks and its landing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS, CommLMSError
from commlms.ingest.load import Importer
from tests.measure.city import A1, TODAY, city, learners, session


@pytest.fixture
def two(tmp_path: Path) -> Any:
    with city(tmp_path / "city.db") as lms, LMS(tmp_path / "city.db", today=TODAY) as other:
        session(lms, "S1", A1, "2022-03-05")
        learners(lms, A1, "L1", "L2")
        yield lms, other


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    def set_up(act: Callable[[], object]) -> None:
        real = Importer._land

        def land(self: Importer, *given: Any) -> None:
            monkeypatch.setattr(Importer, "_land", real)
            act()
            real(self, *given)

        monkeypatch.setattr(Importer, "_land", land)

    return set_up


def test_the_same_roster_imported_by_two_at_once_is_unchanged_for_the_second(two: Any, between: Any, tmp_path: Path) -> None:
    lms, other = two
    file = tmp_path / "roster.csv"
    file.write_text("学员编号,姓名,出生日期\nN1,甲一,1990-01-01\nN2,乙二,1991-01-01\n", encoding="utf-8")
    between(lambda: other.import_file("learner", file))
    assert lms.import_file("learner", file).unchanged == 2


def test_the_same_institution_added_by_two_at_once(two: Any, between: Any) -> None:
    lms, other = two
    row = [{"code": "X1", "name": "校", "place": A1}]
    between(lambda: other.add(row, "institution"))
    assert lms.add(row, "institution").unchanged == 1


def test_the_same_ledger_imported_by_two_at_once(two: Any, between: Any, tmp_path: Path) -> None:
    lms, other = two
    file = tmp_path / "ledger.csv"
    file.write_text(f"主办单位,活动日期,活动主题,参加人数\nI-{A1},2022-05-07,讲座,30\n", encoding="utf-8")
    between(lambda: other.import_file("ledger", file))
    assert lms.import_file("ledger", file).unchanged == 1


def test_a_learner_removed_meanwhile_is_a_sentence_not_a_traceback(two: Any, between: Any, tmp_path: Path) -> None:
    lms, other = two
    file = tmp_path / "came.csv"
    file.write_text("学员编号,场次编号\nL1,S1\nL2,S1\n", encoding="utf-8")
    between(lambda: other.remove("learner", "L2"))
    with pytest.raises(CommLMSError, match="import again"):
        lms.import_file("participation", file)
    assert lms.recount(check=True) == []
    assert lms.import_file("participation", file).new == 1
