"""``commlms take`` and ``commlms deliveries`` as a clerk types them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commlms import LMS
from commlms.cli.context import DONE, FAILED, REJECTED
from commlms.cli.main import main
from commlms.cli.terminal import width
from commlms.ingest import deliveries
from tests.cli.console import Console
from tests.ingest.clerk import TODAY, new_city

Run = Callable[..., tuple[int, str, str]]
HEAD = ["序号", "活动日期", "活动主题", "参加人数"]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command on a city in ``tmp_path``; gives exit status, output, errors."""
    monkeypatch.setenv("COMMLMS_TODAY", TODAY.isoformat())
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "office.key"))
    monkeypatch.setenv("COLUMNS", "80")

    def typed(*words: str | Path, lang: str = "zh") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--db", str(tmp_path / "city.db"), "--lang", lang, *map(str, words)])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    assert typed("init")[0] == DONE
    assert typed("key", "new")[0] == DONE
    with LMS(tmp_path / "city.db", today=TODAY) as lms, new_city() as model:
        for record in ("place", "institution"):
            lms.add([{k: v for k, v in r.cells.items() if v} for r in model.rows(record)], record)
        lms.add([{"code": "JG2", "name": "清香坪社区学校", "place": "510403001"}], "institution")
    (tmp_path / "sent").mkdir()
    return typed


def book(folder: Path, name: str, *rows: list[Any], title: str = "大渡口街道2022年3月活动台账") -> Path:
    """A ledger as a street sends it."""
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = "台账"
    for row in ([title], HEAD, *rows):
        page.append(row)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    made.save(path)
    return path


ROWS = ([1, "2022-03-07", "茶艺", 30], [2, "2022-03-08", "书法", 20])


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_everything_is_shown_at_80_columns_then_taken_and_every_file_has_a_line(run: Run, tmp_path: Path) -> None:
    """One table first; after it one line a file with its numbers."""
    book(tmp_path / "sent", "大渡口街道2022年社区教育活动台账（第一季度三月份）.xlsx", *ROWS, ["合计", "", "", 50])
    book(tmp_path / "sent", "谁的.xlsx", *ROWS, title="2022年3月台账")
    status, out, _ = run("take", tmp_path / "sent", "--yes")
    assert status == REJECTED
    assert all(width(line) <= 80 for line in out.splitlines())
    assert "台账    大渡口街道  活动台账  2022-03   2  新收" in out
    assert "收 1 份：读 3，新 2，不计 1" in out.replace("\n  ", "")
    assert "谁的.xlsx：不收，看不出是哪个地点报送的" in out.replace("\n  ", "")


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Neither a row nor a file."""
    path = book(tmp_path / "sent", "三月.xlsx", *ROWS, [3, "2022-03-37", "坏", 1])
    assert run("take", path, "--dry-run")[0] == DONE
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        assert lms.imports() == []
    assert [p.name for p in (tmp_path / "sent").iterdir()] == ["三月.xlsx"]


def test_without_anybody_to_ask_nothing_is_taken(run: Run, tmp_path: Path) -> None:
    """A script that forgot --yes does no harm, and its status says so."""
    status, out, _ = run("take", book(tmp_path / "sent", "三月.xlsx", *ROWS))
    assert (status, "没有收，未写入任何内容" in out) == (REJECTED, True)


def test_json_gives_every_file_one_line_with_the_sum_of_its_rows(run: Run, tmp_path: Path) -> None:
    """What is printed can be added up; rejected rows go to a workbook beside the file that holds them as they were."""
    book(tmp_path / "sent", "东/三月.xlsx", *ROWS, [3, "2022-03-37", "坏", 1])
    status, out, _ = run("take", tmp_path / "sent", "--yes", "--json")
    (line,) = lines(out)
    (fate,) = line["fates"]
    assert (status, line["file"], fate["fate"], fate["sender"], fate["shape"], fate["period"]) == (
        REJECTED, "东/三月.xlsx", "taken", "510402001", "ledger", "2022-03",
    )
    assert fate["read"] == 3 == fate["new"] + fate["rejected"]
    assert [(p["sheet"], p["cell"]) for p in fate["problems"]] == [("台账", "B5")]
    page = openpyxl.load_workbook(line["rejects"])["台账"]
    assert "2022-03-37" in [c.value for c in page[2]]
    again = lines(run("take", tmp_path / "sent", "--yes", "--json")[1])
    assert {f["fate"] for entry in again for f in entry["fates"]} == {"same", "aside"}


def test_a_file_is_archived_and_comes_back(run: Run, tmp_path: Path) -> None:
    """The delivery names the kept file; the same file taken again mends one that was damaged."""
    path = book(tmp_path / "sent", "三月.xlsx", *ROWS)
    assert run("take", path, "--yes")[0] == DONE
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        (delivery,) = lms.rows("delivery")
        assert lms.archive.get(int(delivery.cells["archived"])) == path.read_bytes()
    (kept,) = (tmp_path / "city.db.archive").iterdir()
    kept.chmod(0o600)
    kept.write_bytes(b"damaged")
    assert run("take", path, "--yes")[0] == DONE
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        assert lms.archive.get(int(delivery.cells["archived"])) == path.read_bytes()


def test_without_a_key_it_is_said_before_anything_is_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be archived is not taken; a dry run needs no key."""
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "lost.key"))
    path = book(tmp_path / "sent", "三月.xlsx", *ROWS)
    status, out, err = run("take", path, "--yes")
    assert (status, out, "commlms key new" in err) == (FAILED, "", True)
    assert run("take", path, "--dry-run")[0] == DONE


def test_who_has_sent_and_who_has_not(run: Run, tmp_path: Path) -> None:
    """Of two streets one has."""
    run("take", book(tmp_path / "sent", "三月.xlsx", *ROWS), "--yes")
    _, out, _ = run("deliveries", "--period", "2022")
    assert "大渡口街道  活动台账  2022-03" in out
    assert "2 个报送单位中 1 个未报送" in out
    assert "510403001 清香坪街道" in out
    found = json.loads(run("deliveries", "--period", "2022", "--json")[1])
    assert (found["expected"], [p["code"] for p in found["missing"]], found["deliveries"][0]["rows"]) == (2, ["510403001"], 2)


def test_a_take_is_listed_and_undone_as_an_import_is(run: Run, tmp_path: Path) -> None:
    """By the number in 'commlms imports'."""
    run("take", book(tmp_path / "sent", "三月.xlsx", *ROWS), "--yes")
    (entry,) = lines(run("imports", "--format", "jsonl")[1])
    assert (entry["action"], entry["new"]) == ("take", 2)
    assert run("undo", str(entry["id"]))[0] == DONE
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        assert list(lms.rows("delivery")) == list(lms.rows("session")) == []


def test_a_wrong_period_is_one_sentence(run: Run, tmp_path: Path) -> None:
    status, _, err = run("take", book(tmp_path / "sent", "三月.xlsx", *ROWS), "--period", "last year")
    assert (status, "2022Q3" in err) == (FAILED, True)
    status, out, _ = run("take", tmp_path / "sent", "--period", "2021", "--yes")
    assert (status, "不在 2021 之内" in out) == (REJECTED, True)


def test_a_person_says_who_sent_it_and_that_fewer_rows_are_meant(run: Run, tmp_path: Path) -> None:
    """Asked on the terminal; Enter takes nothing."""
    many = [[n, f"2022-03-{n + 6:02d}", f"主题{n}", 10] for n in range(1, 6)]
    run("take", book(tmp_path / "sent", "a.xlsx", *many), "--yes")
    book(tmp_path / "sent", "b.xlsx", *many[:2])
    book(tmp_path / "sent", "幸福社区.xlsx", *ROWS, title="幸福社区2022年3月活动台账")
    env = {"COMMLMS_TODAY": TODAY.isoformat(), "COMMLMS_KEY_FILE": str(tmp_path / "office.key")}
    words = ("-m", "commlms", "--db", tmp_path / "city.db", "--lang", "zh", "take", tmp_path / "sent")
    with Console(*words, folder=tmp_path, env=env) as console:
        console.until("谁报送的")
        console.type("\n")
        console.until("少了两成以上。")
        console.type("是\n")
        console.until("收下这 1 份报送吗？")
        console.type("y\n")
        status, shown = console.end()
    assert status == REJECTED
    assert "b.xlsx：收 1 份：读 2，未变 2，移除 6" in shown
    assert "幸福社区.xlsx：不收" in shown


def test_ctrl_c_leaves_whole_deliveries_and_says_which(run: Run, tmp_path: Path) -> None:
    """Before anything is agreed to nothing is written."""
    book(tmp_path / "sent", "a.xlsx", *ROWS)
    env = {"COMMLMS_TODAY": TODAY.isoformat(), "COMMLMS_KEY_FILE": str(tmp_path / "office.key")}
    words = ("-m", "commlms", "--db", tmp_path / "city.db", "--lang", "zh", "take", tmp_path / "sent")
    with Console(*words, folder=tmp_path, env=env) as console:
        console.until("收下这 1 份报送吗？")
        console.type("\x03")
        status, shown = console.end()
    assert (status, "已中断" in shown) == (130, True)
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        assert list(lms.rows("delivery")) == []


def test_ctrl_c_between_deliveries_keeps_those_that_are_whole(run: Run, tmp_path: Path) -> None:
    """Twelve months are sent; stopped among them, each month is there with all its rows or not at all, and a second run ends it."""
    for month in range(1, 13):
        rows = [[n, f"2022-{month:02d}-{n % 28 + 1:02d}", f"主题{n}", 10] for n in range(300)]
        rows += [[301, "2022-02-30", "错", 10]] * (month == 1)
        book(tmp_path / "sent", f"{month}月.xlsx", *rows, title=f"大渡口街道2022年{month}月活动台账")
    env = {"COMMLMS_TODAY": TODAY.isoformat(), "COMMLMS_KEY_FILE": str(tmp_path / "office.key")}
    words = ("-m", "commlms", "--db", tmp_path / "city.db", "--lang", "zh", "take", tmp_path / "sent", "--yes")
    with Console(*words, folder=tmp_path, env=env) as console:
        console.until("收报送 3")
        console.type("\x03")
        status, shown = console.end()
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        taken = len(list(lms.rows("delivery")))
        assert lms.database.one("SELECT COUNT(*) FROM session") == 300 * taken
    assert (status, f"已收下 {taken} 份" in shown) == (130, True)
    assert 3 <= taken < 12
    assert (tmp_path / "sent" / "1月-rejects.xlsx").exists(), "what was taken is the same when it is taken again, and writes no rejects"
    assert run("take", tmp_path / "sent", "--yes")[0] == REJECTED
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        assert lms.database.one("SELECT COUNT(*) FROM session") == 300 * 12


def test_a_dry_run_shows_all_that_was_concluded_with_its_sheet(run: Run, tmp_path: Path) -> None:
    """Twelve sheets of months, each date without a year: twelve statements, of which a take shows the first ten."""
    made = openpyxl.Workbook()
    for month in range(1, 13):
        page = made.create_sheet(f"{month}月")
        for row in ([f"大渡口街道{month}月活动台账"], HEAD, [1, "5日", "讲座", 10]):
            page.append(row)
    made.save(tmp_path / "sent" / "大渡口街道2022年.xlsx")
    _, out, _ = run("take", tmp_path / "sent", "--dry-run")
    assert all(f"[{month}月] B3: 只写了日，取 {month} 月" in out for month in range(1, 13))
    _, out, _ = run("take", tmp_path / "sent", "--yes")
    assert ("[12月] B3: 只写了日" in out, "…另有 14 种；--dry-run 全部列出" in out) == (False, True)


def test_two_senders_of_one_name_are_told_apart_by_their_codes(run: Run, tmp_path: Path) -> None:
    """Where it is asked who sent a file, and where deliveries are listed."""
    with LMS(tmp_path / "city.db", today=TODAY) as lms:
        parents = [row.cells["code"] for row in lms.rows("place") if row.cells["name"].endswith("街道")][:2]
        assert len(parents) == 2
        lms.add([{"code": f"{p}9", "name": "同名社区", "level": "village", "parent": p} for p in parents], "place")
        lms.add([{"code": f"T{p}", "name": f"学习点{p}", "place": f"{p}9"} for p in parents], "institution")
    for p in parents:
        book(tmp_path / "sent" / p, "a.xlsx", *ROWS, title="同名社区2022年3月台账")
        assert run("take", tmp_path / "sent" / p, "--yes", "--under", f"{p}9")[0] == DONE
    _, out, _ = run("deliveries", "--period", "2022")
    assert all(f"同名社区 {p}9" in out for p in parents)
    _, out, _ = run("take", tmp_path / "sent" / parents[0], "--dry-run", "--under", f"{parents[0]}9")
    assert f"同名社区 {parents[0]}9" in out


def test_ctrl_c_just_after_a_delivery_is_whole_counts_that_one_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is in the database, and the interruption comes before the command hears of it."""
    for month in (3, 4):
        book(tmp_path / "sent", f"{month}月.xlsx", [1, f"2022-0{month}-05", "讲座", 10], title=f"大渡口街道2022年{month}月活动台账")
    event = deliveries.WriteEvent

    def stopped(*words: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return event(*words)

    monkeypatch.setattr(deliveries, "WriteEvent", stopped)
    old = signal.getsignal(signal.SIGINT)
    try:
        status, out, err = run("take", tmp_path / "sent", "--yes")
    finally:
        signal.signal(signal.SIGINT, old)
    assert (status, "已收下 1 份，每份都是完整的：3月.xlsx[台账]" in out + err) == (130, True)


def test_lines_that_are_not_counted_are_shown_before_anything_lands(run: Run, tmp_path: Path) -> None:
    """Examples, totals, signatures: each kind once, with its lines."""
    book(
        tmp_path / "sent", "三月.xlsx", ["例", "2022-03-01", "讲座", 20], [1, "2022-03-07", "茶艺", 30], ["合计", "", "", 30],
        ["填表人：某某", "", "", ""],
    )
    _, out, _ = run("take", tmp_path / "sent", "--dry-run")
    shown = [" ".join(line.split()[-2:]) for line in out.splitlines() if "不计" in line]
    assert shown == ["A3: 示例行，不计", "A5: 合计行，不计", "A6: 签名、联系方式等，不计"]
