"""Every command as an operator types it: what it prints, what it leaves, how it ends."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import commlms
from commlms.cli.context import DONE, FAILED, REJECTED, USAGE
from commlms.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command on a database in ``tmp_path``; gives exit status, output, errors."""
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))

    def typed(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", lang, *words])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return typed


@pytest.fixture
def city(run: Run, tmp_path: Path) -> Run:
    """A city of one county, one street and a village, with 10 residents, a school and one session."""
    with commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 6, 30)) as lms:
        lms.add([
            {"code": "1", "name": "云岭市", "level": "city"}, {"code": "101", "name": "东区", "level": "county", "parent": "1"},
            {"code": "101001", "name": "南街", "level": "township", "parent": "101", "kind": "street"},
            {"code": "101001001", "name": "桥头社区", "level": "village", "parent": "101001"},
        ], "place")
        lms.add({"place": "1", "on": "2020-11-01", "basis": "permanent", "persons": 10, "nature": "census"}, "residents")
        lms.add({"code": "J1", "name": "桥头学习中心", "place": "101001001"}, "institution")
        lms.add({"code": "S1", "institution": "J1", "on": "2022-03-05", "theme": "讲座", "minutes": 60}, "session")
        lms.add([{"code": "L1", "name": "王芳", "born": "1950-01-02", "home": "101001001"}, {"code": "L2", "name": "李强"}], "learner")
    return run


def test_init_makes_a_database_once_marked_as_invented(run: Run, tmp_path: Path) -> None:
    assert run("init", "--invented")[0] == DONE
    with commlms.LMS(tmp_path / "city.db") as lms:
        assert lms.invented


def test_a_database_with_learners_is_not_marked_invented_afterwards(city: Run) -> None:
    status, _, err = city("init", "--invented")
    assert (status, "no longer" in err) == (FAILED, True)


def test_template_import_and_export_fit_each_other(city: Run, tmp_path: Path) -> None:
    """A blank table is read without a row; an export read again changes nothing."""
    blank, out = tmp_path / "blank.xlsx", tmp_path / "learners.csv"
    assert city("template", "learner", str(blank))[0] == DONE
    status, text, _ = city("import", "learner", str(blank))
    assert (status, "read 0" in text, "not counted 1" in text) == (DONE, True, True)
    assert city("export", "learner", str(out))[0] == DONE
    status, text, _ = city("import", "learner", str(out), "--json")
    assert status == DONE
    assert json.loads(text)["unchanged"] == 2


def test_an_import_with_a_wrong_row_ends_with_3_and_names_the_rejects(city: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("姓名,出生日期\n赵一,1960-01-01\n钱二,1960-13-01\n", encoding="utf-8")
    status, text, _ = city("import", "learner", str(path))
    assert status == REJECTED
    assert "line 3 (B3)" in text
    assert "new 1" in text
    assert (tmp_path / "people-rejects.xlsx").is_file()


def test_json_lines_go_in_and_out(city: Run, tmp_path: Path) -> None:
    """A platform that is not Python writes and reads JSON lines; its own key finds the row again."""
    lines = tmp_path / "rows.jsonl"
    lines.write_text('{"source": "app", "source_key": "7", "code": "L7", "name": "孙七"}\n', encoding="utf-8")
    first = json.loads(city("add", "learner", "--jsonl", str(lines))[1])
    again = json.loads(city("add", "learner", "--jsonl", str(lines))[1])
    assert (first["new"], again["new"], again["unchanged"]) == (1, 0, 1)
    out = [json.loads(line) for line in city("export", "learner", "-")[1].splitlines()]
    assert {row["学员编号"] for row in out} == {"L1", "L2", "L7"}
    listed = [json.loads(line) for line in city("list", "learner", "--format", "jsonl")[1].splitlines()]
    assert listed[0]["reference"] == "L1"


def test_add_set_show_history_remove_undo(city: Run) -> None:
    """The verbs on one row, and each write taken back."""
    added = json.loads(city("add", "course", "code=K1", "title=书法", "minutes=90")[1])
    assert added["new"] == 1
    changed = json.loads(city("--reason", "typed wrongly", "--as", "王敏", "set", "course", "K1", "minutes=120")[1])
    assert "120" in city("show", "course", "K1")[1]
    (line,) = city("history", "course", "K1")[1].splitlines()
    history = json.loads(line)
    assert (history["actor"], history["reason"], history["old"]["minutes"]) == ("王敏", "typed wrongly", 90)
    assert city("undo", str(changed["write"]))[0] == DONE
    assert "90" in city("show", "course", "K1")[1]
    removed = json.loads(city("remove", "course", "K1")[1])
    assert city("show", "course", "K1")[0] == FAILED
    assert city("undo", str(removed["write"]))[0] == DONE
    assert city("show", "course", "K1")[0] == DONE


def test_a_row_that_others_refer_to_is_not_removed(city: Run) -> None:
    status, _, err = city("remove", "institution", "J1")
    assert (status, "refer to it" in err) == (FAILED, True)


def test_a_check_in_shows_in_the_next_figures(city: Run) -> None:
    assert json.loads(city("checkin", "L1", "S1")[1])["write"] > 0
    assert json.loads(city("checkin", "L1", "S1")[1])["write"] == 0
    rows = json.loads(city("metrics", "--period", "2022", "--place", "1", "--level", "city", "--format", "json")[1])
    figures = {r["metric"]: r for r in rows}
    assert (figures["core.participation"]["numerator"], figures["core.participation"]["denominator"]) == (1, 10)
    assert figures["core.minutes"]["numerator"] == 60
    assert city("recount", "--check")[0] == DONE


def test_figures_of_fewer_than_five_seniors_in_a_village_do_not_leave(city: Run) -> None:
    """The county shows 1; below it, in every format, the figure is hidden, and so are its rows."""
    city("checkin", "L1", "S1")
    words = ("metrics", "--period", "2022", "--metric", "seniors.persons", "--format")
    shown = {r["level"]: r for r in json.loads(city(*words, "json")[1])}
    assert (shown["county"]["numerator"], shown["village"]["numerator"], shown["village"]["suppressed"]) == (1, None, True)
    village = next(line for line in city(*words, "csv")[1].splitlines() if "桥头" in line)
    assert "<5" in village
    status, out, err = city("explain", "seniors.persons", "--place", "101001001", "--period", "2022", "--rows", "x.csv")
    assert (status, "numerator = <5" in out, "not listed" in err) == (FAILED, True, True)


def test_metrics_without_a_period_lists_them(city: Run) -> None:
    assert "core.participation" in city("metrics")[1]


@pytest.mark.parametrize("period", ["2022", "2022H1", "2022Q1", "2022-03", "2021S", "2020..2022"])
def test_every_form_of_period_counts_the_session_of_march_2022(city: Run, period: str) -> None:
    city("checkin", "L1", "S1")
    rows = json.loads(city("metrics", "--period", period, "--level", "city", "--metric", "core.persons", "--format", "json")[1])
    assert rows[0]["numerator"] == 1


def test_explain_writes_every_row_under_a_pseudonym(city: Run, tmp_path: Path) -> None:
    city("checkin", "L1", "S1")
    out = tmp_path / "rows.csv"
    status, text, _ = city("explain", "core.participation", "--place", "1", "--period", "2022", "--sql", "--rows", str(out))
    assert (status, "numerator = 1" in text, "SELECT" in text) == (DONE, True, True)
    rows = out.read_text(encoding="utf-8-sig")
    assert "P000001" in rows
    assert "王芳" not in rows
    assert "L1" not in rows


def test_judge_says_which_plugins_are_left_out(city: Run) -> None:
    status, _, err = city("--without", "seniors", "judge", "--policy", "004", "--as-of", "2022-12-31")
    assert (status, "plugins left out: seniors" in err) == (DONE, True)


def test_imports_lists_what_came_in(city: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("姓名,出生日期\n赵一,1960-01-01\n", encoding="utf-8")
    city("import", "learner", str(path))
    (line,) = city("imports", "--format", "jsonl")[1].splitlines()
    entry = json.loads(line)
    assert (entry["file"], entry["new"], entry["state"]) == ("people.csv", 1, "done")
    assert "people.csv" in city("imports")[1]


def test_plugins_doctor_schema_and_policies_speak(city: Run) -> None:
    assert "seniors" in city("plugins")[1]
    assert city("doctor")[0] == DONE
    assert "sensitive" in city("schema", "learner")[1]
    assert "panzhihua-2019" in city("policies")[1]


def test_the_key_is_made_once_shown_by_fingerprint_and_rotated(run: Run, tmp_path: Path) -> None:
    assert run("key", "show")[0] == FAILED
    assert run("key", "new")[0] == DONE
    assert run("key", "new")[0] == FAILED
    secret = (tmp_path / "office.key").read_text(encoding="ascii").strip()
    shown = run("key", "show")[1]
    assert secret not in shown
    assert len(shown.splitlines()[0]) == 8
    assert run("key", "rotate")[0] == DONE
    assert len(run("key", "show")[1].splitlines()) == 3
    assert (tmp_path / "office.key").stat().st_mode & 0o077 == 0


def test_unknown_names_are_one_sentence_in_the_readers_language(city: Run) -> None:
    for words, zh in ((("list", "lerner"), "没有这个登记"), (("show", "learner", "X"), "没有这个学员"), (("undo", "999"), "没有这个写入")):
        status, _, err = city(*words, lang="zh")
        assert (status, zh in err, "Traceback" in err) == (FAILED, True, False)
    assert city("judge", "--policy", "nowhere")[0] == FAILED
    assert city("nonsense")[0] == USAGE
    assert city("metrics", "--period", "22")[0] == FAILED


def test_a_file_that_is_no_database_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "city.db").write_text("这不是数据库" * 100, encoding="utf-8")
    status, _, err = run("imports")
    assert (status, "is not a commlms database" in err) == (FAILED, True)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe{}", b'{"code": "K1", "title": "x"}\nnonsense', b"[" * 5000])
def test_broken_json_lines_are_one_sentence_and_nothing_is_written(city: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.jsonl").write_bytes(content)
    status, _, err = city("add", "course", "--jsonl", str(tmp_path / "rows.jsonl"))
    assert (status, "nothing was written" in err, "Traceback" in err) == (FAILED, True, False)
    assert city("list", "course", "--format", "jsonl")[1] == ""


def test_rejects_never_replace_the_file_that_is_read_and_nothing_lands_first(city: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("姓名,出生日期\n赵一,1960-01-01\n钱二,1960-13-01\n", encoding="utf-8")
    before = path.read_bytes()
    assert city("import", "learner", str(path), "--rejects", str(path))[0] == FAILED
    assert path.read_bytes() == before
    assert "赵一" not in city("list", "learner")[1]


def test_rows_of_a_group_do_not_tell_how_many_of_it_live_in_a_village(city: Run, tmp_path: Path) -> None:
    """One senior in the village: in the county's rows she stands without village, day or number of her own; what she adds is there."""
    city("checkin", "L1", "S1")
    out = tmp_path / "rows.csv"
    assert city("explain", "seniors.visits", "--place", "101", "--period", "2022", "--rows", str(out))[0] == DONE
    lines = [line.split(",") for line in out.read_text(encoding="utf-8-sig").splitlines()[1:]]
    (counted,) = [line for line in lines if line[4:6] == ["1", ""]]
    assert counted[1:] == ["×<5", "", "", "1", "", *[""] * 4]


def test_the_rows_of_a_groups_minutes_do_not_number_its_few_people(city: Run, tmp_path: Path) -> None:
    """One senior's minutes in the village: 'one row counted' would be the number of persons that is hidden elsewhere."""
    city("checkin", "L1", "S1")
    out = city("explain", "seniors.minutes", "--place", "101001001", "--period", "2022")[1]
    assert "1 row(s) counted" not in out
    rows = tmp_path / "rows.csv"
    city("explain", "seniors.minutes", "--place", "101", "--period", "2022", "--rows", str(rows))
    assert "101001001" not in rows.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("city")
def test_a_persons_number_in_one_list_says_nothing_about_another_list(tmp_path: Path) -> None:
    """12 people with 1 to 12 sessions: the order of two lists is not the same, so that a number cannot be followed."""
    with commlms.LMS(tmp_path / "city.db", today=dt.date(2023, 6, 30)) as lms:
        codes = [f"Q{n:02d}" for n in range(1, 13)]
        lms.add([{"code": c, "name": "某某", "home": "101001001"} for c in codes], "learner")
        held = [{"code": f"T{n}", "institution": "J1", "on": f"2022-05-{n:02d}", "theme": f"课{n}"} for n in range(1, 13)]
        lms.add(held, "session")
        lms.add([{"learner": c, "session": f"T{n}"} for m, c in enumerate(codes, 1) for n in range(1, m + 1)], "participation")
        found = lms.explain("core.visits", place="1", period="2022")
        orders = {tuple(row.adds for row in found.rows() if row.adds) for _ in range(4)}
    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(range(1, 13))}


def test_few_left_out_of_a_group_below_the_county_are_not_numbered(city: Run, tmp_path: Path) -> None:
    """Six seniors and one person of unknown birth date in a village: the one is '<5' on the screen and in the rows."""
    with commlms.LMS(tmp_path / "city.db") as lms:
        home = "101001001"
        lms.add([{"code": f"V{n}", "name": "某某", "born": "1950-01-01", "home": home} for n in range(6)], "learner")
        lms.add({"code": "W", "name": "某某", "home": home}, "learner")
        lms.add([{"learner": c, "session": "S1"} for c in (*(f"V{n}" for n in range(6)), "W")], "participation")
    out = tmp_path / "rows.csv"
    words = ("explain", "seniors.persons", "--place", "101001001", "--period", "2022")
    assert "numerator: <5 row(s) what the condition asks is not known" in city(*words)[1]
    assert city(*words, "--rows", str(out))[0] == DONE
    lines = [line.split(",") for line in out.read_text(encoding="utf-8-sig").splitlines()[1:]]
    names = [line[1] for line in lines if line[0] == "numerator"]
    assert (len(names), sum(n.startswith("P") for n in names), "×<5" in names) == (7, 6, True)


def test_a_name_that_was_typed_is_not_repeated(city: Run) -> None:
    """Messages never quote a personal value."""
    status, _, err = city("show", "learner", "王小芳")
    assert (status, "王小芳" in err) == (FAILED, False)
    status, _, err = city("add", "learner", "王小芳")
    assert (status, "王小芳" in err, "FIELD=VALUE" in err) == (USAGE, False, True)


def test_judging_a_place_follows_both_trees_and_a_recount_is_in_the_journal(city: Run, tmp_path: Path) -> None:
    assert city("judge", "--place", "101", "--policy", "004")[0] == DONE
    assert city("--as", "王敏", "recount")[0] == DONE
    with commlms.LMS(tmp_path / "city.db") as lms:
        assert lms.database.execute("SELECT actor FROM journal WHERE action = 'recount'").fetchall() == [("王敏",)]


def test_the_doctor_loads_each_plugin_alone(city: Run, tmp_path: Path) -> None:
    """A failing one is named once, with the way to leave it out; the others are well without it."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "commlms_bbb.py").write_text(
        "from commlms import hookimpl\nCOMMLMS_API = 1\n\n@hookimpl\ndef register_metrics():\n"
        "    raise ValueError('leans')\n",
        encoding="utf-8",
    )
    status, out, _ = city("--plugins-dir", str(folder), "doctor")
    assert (status, out.count("leans")) == (FAILED, 1)
    assert "--without bbb" in out
    assert city("--plugins-dir", str(folder), "--without", "bbb", "doctor")[0] == DONE
    assert city("--plugins-dir", str(folder), "metrics")[0] == FAILED
