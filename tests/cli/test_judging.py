"""``commlms judge``: every place or how many have which verdict, what contradicts what, and all of it as JSON."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import commlms
from commlms.cli.main import main
from commlms.cli.terminal import width

Run = Callable[..., str]
DISTRICT, STREETS = "330105", [f"3301050{n:02d}" for n in range(1, 8)]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Gongshu with seven streets of 20,000 residents, a school in each; five schools have 3 teachers, the others 1 and 2."""
    monkeypatch.setenv("COMMLMS_TODAY", "2023-12-31")
    with commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 12, 31), keys=[]) as lms:
        lms.add({"code": DISTRICT, "name": "拱墅区", "level": "county"}, "place")
        lms.add([
            {"code": s, "name": f"{n}号街道", "level": "township", "kind": "street", "parent": DISTRICT} for n, s in enumerate(STREETS, 1)
        ], "place")
        lms.add([
            {"place": s, "on": "2020-11-01", "basis": "permanent", "persons": 20_000, "nature": "census"} for s in STREETS
        ], "residents")
        lms.add([{"code": f"J{s}", "name": f"第{n}校", "place": s, "kind": "school"} for n, s in enumerate(STREETS, 1)], "institution")
        lms.add([
            {"code": f"P{s}{n}", "institution": f"J{s}", "role": "teacher", "employment": "full_time"}
            for s, number in zip(STREETS, (3, 1, 3, 3, 2, 3, 3), strict=True) for n in range(number)
        ], "staffing.post")
        lms.add({"code": "5104", "name": "攀枝花市", "level": "city"}, "place")

    def typed(*words: str, lang: str = "en", columns: str = "") -> str:
        monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", lang, "judge", "--as-of", "2023-12-31", *words])
        assert end.value.code == 0
        return capsys.readouterr().out

    return typed


def block(text: str, start: str) -> list[str]:
    """The lines about one target: the one that begins so, and those indented below it."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if start in line)
    end = next((i for i in range(first + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    return lines[first:end]


def test_of_many_places_it_says_how_many_have_which_verdict_and_names_those_that_are_short(run: Run) -> None:
    """Seven schools need 3 each, 21 together; 2号街道 lacks two teachers, 5号街道 one."""
    lines = block(run("--policy", "003"), "full-time teachers and managers of a street branch, ratio")
    assert lines[0] == (
        "003 full-time teachers and managers of a street branch, ratio 2023 7: met 5, short 2 (conflict gongshu-staff-ratios)"
    )
    assert lines[1:3] == [
        "    needed by 7 together: 21 persons", "    short: 2号街道 第2校 (short by 2 persons), 5号街道 第5校 (short by 1 person)",
    ]
    assert len(lines) == 4
    lines = block(run("--policy", "003", lang="zh"), "街道分院专职教师和管理人员配备比例")
    assert lines[:3] == [
        "003 街道分院专职教师和管理人员配备比例 2023 7 个：达到 5、未达到 2（冲突 gongshu-staff-ratios）",
        "    7 个合计需要 21 人", "    未达到：2号街道 第2校（差 2 人）、5号街道 第5校（差 1 人）",
    ]


def test_every_place_is_listed_where_asked(run: Run) -> None:
    lines = block(run("--policy", "003", "--places"), "full-time teachers and managers of a street branch, ratio")
    assert lines[2:6] == [
        "    [met] 1号街道 第1校", "        proven 3 / 20000 = 0.0150%; needed 3 persons",
        "    [short] 2号街道 第2校", "        proven 1 / 20000 = 0.0050%; needed 3 persons; short by 2 persons",
    ]
    assert len(lines) == 2 + 14 + 1


def test_reasons_that_many_places_share_are_said_once(run: Run) -> None:
    """No rooms are recorded of any school: one line, the first five named."""
    lines = block(run("--policy", "003"), "premises of a street's community school")
    assert lines[0].endswith("2023 7: no data 7")
    assert lines[1] == (
        "    no data: 1号街道 第1校, 2号街道 第2校, 3号街道 第3校, 4号街道 第4校, 5号街道 第5校 and others, 7 in all: "
        "the register site has no row"
    )


def test_contradictions_stand_side_by_side_below_the_verdicts(run: Run) -> None:
    lines = block(run("--policy", "003"), "conflict gongshu-staff-ratios two")
    assert [line.split()[1:4] for line in lines if "gs-" in line] == [
        ["gs-dedicated-workers-ratio", "≥", "0.5"], ["gs-branch-staff-ratio", "≥", "0.01%:"], ["gs-branch-staff-min", "≥", "3:"],
        ["gs-point-staff-min", "≥", "1:"],
    ]
    assert "gs-branch-staff-ratio ≥ 0.01%: 7: met 5, short 2" in lines[-3]


def test_a_document_that_says_nothing_here_takes_one_line(run: Run) -> None:
    """The province of 000 is not in the database; 004 is of a city that is, so its targets are told."""
    text = run()
    assert [line for line in text.splitlines() if line.startswith("000")] == [
        "000 " + policy_name("guangdong-2016") + ": 22 targets not applicable: the database has no place 44",
    ]
    assert len([line for line in text.splitlines() if " 004 " in line or line.startswith("004")]) > 5


def policy_name(key: str) -> str:
    return commlms.Host().registry.policies[key].label.en


def test_what_is_striven_for_is_counted_apart(run: Run) -> None:
    """The zone of 004 is to be striven for: it is marked, and not among all verdicts."""
    last = run("--policy", "004").splitlines()[-2:]
    assert last[0].startswith("all: ")
    assert last[1] == "to strive for: no data 1"
    assert "(to strive for" in run("--policy", "004")


def test_json_has_every_judgement_with_its_subject_units_and_contradictions(run: Run) -> None:
    found: list[dict[str, Any]] = json.loads(run("--format", "json", "--policy", "003", "--policy", "000"))
    assert len([x for x in found if x["policy"] == "guangdong-2016"]) == 22
    one = next(x for x in found if x["subject"] == "第2校" and x["target"] == "gs-branch-staff-ratio")
    assert {k: one[k] for k in (
        "verdict", "numerator", "denominator", "counted", "divided_by", "needed", "limit", "by", "excess", "conflicts", "joined", "value",
        "unit", "force", "running", "reading",
    )} == {
        "verdict": "short", "numerator": 1, "denominator": 20_000, "counted": "person", "divided_by": "person", "needed": 3, "limit": None,
        "by": 2, "excess": None, "conflicts": ["gongshu-staff-ratios"], "joined": ["gs-branch-staff-min"], "value": "0.01",
        "unit": "percent", "force": "mandatory", "running": False, "reading": "explicit",
    }
    assert one["places"] == [STREETS[1]]
    none = next(x for x in found if x["target"] == "gs-1050-project")
    assert (none["verdict"], none["metric"], none["numerator"]) == ("no_verdict", None, None)
    assert none["why_en"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_screen(run: Run, lang: str) -> None:
    for words in ((), ("--places",)):
        assert max(width(line) for line in run(*words, lang=lang, columns="80").splitlines()) <= 80
