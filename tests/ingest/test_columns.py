"""A street's own header words: proposed by word and by content, saved in a small file, read by it from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.core.kinds import Reading
from commlms.core.records import Record
from commlms.ingest.columns import HeaderError
from commlms.ingest.importable import record_named
from commlms.ingest.lookups import Lookups
from commlms.ingest.mapping import ColumnMap, ColumnsError, apply, load, mapped, save, signature
from commlms.ingest.proposing import Proposal, importable, propose
from commlms.ingest.readers import open_sheets
from tests.ingest.clerk import L1_ID, book_file, new_city
from tests.ingest.paper import paper

ROSTER = (
    "大渡口街道2023年老年班花名册,,,,,,,,",
    "序号,村民,男/女,生于,证件号,所住村居,手机,家里几口人,备注",
    f"1,周小好,女,1980-01-01,{L1_ID},510402001001,13800138000,3,",
    "2,欧阳明,男,1960年2月,,510402001001,13900138000,2,",
    "3,李  白,男,1949,,510402001,,5,住院",
)
ANSWERS = {
    "序号": "", "村民": "name", "男/女": "sex", "生于": "born", "证件号": "id_number", "所住村居": "home", "手机": "", "家里几口人": "",
    "备注": "",
}


def table(folder: Path, *lines: str, name: str = "表.csv") -> Path:
    """A text file of these lines."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def proposed(lms: LMS, path: Path, *records: str, folder: Path | None = None) -> Proposal:
    """What is proposed for the first sheet of a file."""
    named = [r for name in records if (r := record_named(name, lms.records))]
    reading, lookups = Reading(lms.today, words=lms.words), Lookups(lms.database, lms.records, None, lms.today, lms.totals.geography())
    return propose(open_sheets(path)[0], named or importable(lms.records), lms.records, reading, lookups, folder)


def fields(proposal: Proposal) -> dict[str, str]:
    """The proposed field of each header word."""
    return {g.header: "__".join(g.path) for g in proposal.guesses}


def test_a_roster_in_a_streets_own_words_is_recognised_by_words_and_content(city: LMS, tmp_path: Path) -> None:
    """Serial numbers are nobody's code, a telephone no ID number; the title row is not the header."""
    found = proposed(city, table(tmp_path, *ROSTER))
    assert (found.record.key, found.line) == ("learner", 2)
    assert fields(found) == ANSWERS
    assert {g.header: g.why for g in found.guesses if g.why} == {
        "村民": "content", "男/女": "content", "生于": "like", "证件号": "like", "所住村居": "like",
    }


def test_nothing_personal_is_shown_whole(city: LMS, tmp_path: Path) -> None:
    """Names keep the family name, numbers their first four digits, also in columns that are not read."""
    shown = {g.header: g.samples for g in proposed(city, table(tmp_path, *ROSTER)).guesses}
    assert shown["村民"] == ("周**", "欧**", "李*")
    assert shown["证件号"][0] == L1_ID[:4] + "…"
    assert shown["手机"] == ("1380…", "1390…", "")
    assert shown["生于"] == ("1980…", "1960…", "1…")
    assert shown["所住村居"][0] == "510402001001"


@pytest.mark.parametrize(("header", "row", "record"), [
    ("活动主题,活动日期,主办单位,参加人数", "健康讲座,2022-03-05,JG1,50", "ledger"),
    ("讲座名称,哪天办的,举办单位名称,来了多少人", "健康讲座,2022-03-05,大渡口社区学校,约50人", "ledger"),
    ("姓名,身份证号,活动日期,活动主题", f"王芳,{L1_ID},2022-03-05,健康讲座", "attendance"),
    ("代码,名称,级别,上级代码", "510402001,大渡口街道,乡镇,510402", "place"),
    ("Name,Sex,Birth date,Home", "王芳,女,1955-08-09,510402001001", "learner"),
])
def test_the_likeliest_record_is_proposed(city: LMS, tmp_path: Path, header: str, row: str, record: str) -> None:
    """Of all that can be imported."""
    found = proposed(city, table(tmp_path, header, row))
    assert found.answered([g.path for g in found.guesses]).record == record
    assert not found.lacking([g.path for g in found.guesses], city.records)
    assert all(g.path for g in found.guesses)


def test_a_word_that_stands_twice_is_proposed_for_nothing(city: LMS, tmp_path: Path) -> None:
    """Which of the two is meant nobody can say by the word."""
    found = proposed(city, table(tmp_path, "姓名,备注,备注,出生日期", "王芳,甲,乙,1955-08-09"), "learner")
    assert [(g.path, g.why) for g in found.guesses] == [(("name",), "word"), ((), "double"), ((), "double"), (("born",), "word")]


def test_what_was_answered_is_proposed_again_and_imports_read_by_it(tmp_path: Path) -> None:
    """In any order of the columns, with any spaces; and the rejects file is read without it."""
    lines = [line.replace(L1_ID, "510402195508090019") for line in ROSTER]
    turned = [",".join(reversed(line.split(","))).replace("村民", "村　民") for line in lines[1:]]
    with new_city(tmp_path / "city.db") as lms:
        save(tmp_path / "city.db.columns", ColumnMap("learner", ANSWERS), lms.records)
        path = table(tmp_path, *turned)
        assert {g.why for g in proposed(lms, path, folder=tmp_path / "city.db.columns").guesses} == {"saved"}
        done = lms.import_file("learner", path, rejects=tmp_path / "拒.csv")
        assert (done.read, done.new, done.rejected) == (3, 2, 1)
        assert done.columns_from == f"{signature(ANSWERS)}.toml"
        assert [(p.line, p.cell, p.code) for p in done.problems] == [(2, "E2", "id_checksum")]
        assert set(done.unread_columns) == {"备注·不读", "家里几口人·不读", "手机·不读", "序号·不读"}
        corrected = (tmp_path / "拒.csv").read_text(encoding="utf-8").replace("510402195508090019", "")
        again = lms.import_file("learner", table(tmp_path, *corrected.splitlines(), name="改.csv"))
        assert (again.new, again.rejected, again.columns_from) == (1, 0, "")
        names = {r.cells["name"]: r.cells["born"] for r in lms.rows("learner")}
        assert (names["周小好"], names["欧阳明"], names["李白"]) == ("1980-01-01", "1960-02", "1949")


def test_a_unit_in_a_header_word_is_kept(tmp_path: Path) -> None:
    """Hours stay hours, lessons of 40 minutes stay such; a map of another record is left alone."""
    words = {"办了啥": "theme", "哪天": "on", "谁办的": "institution", "用时（小时）": "minutes"}
    lesson = {**dict(list(words.items())[:3]), "上了几学时（每学时40分钟）": "minutes"}
    with new_city(tmp_path / "city.db") as lms:
        for each in (words, lesson):
            save(tmp_path / "city.db.columns", ColumnMap("ledger", each), lms.records)
            path = table(tmp_path, ",".join(each), f"第{len(list(each)[3])}场,2022-05-06,JG1,1.5")
            lms.import_file("ledger", path)
            assert mapped(open_sheets(path)[0], lms.record("learner"), lms.records, tmp_path / "city.db.columns")[1] == ""
        minutes = {r.cells["theme"]: r.cells["minutes"] for r in lms.rows("session") if "场" in r.cells["theme"]}
        assert minutes == {"第6场": "90", "第14场": "60"}


def test_the_file_is_small_holds_words_only_and_comes_back_as_saved(city: LMS, tmp_path: Path) -> None:
    """Words with quotes, line breaks and signs too."""
    words = {'姓"名\n（全）': "name", "a\\b": "", "生日 ": "born", "\x7f表": "learner__code"}
    path = save(tmp_path, ColumnMap("participation", {k: v for k, v in words.items() if v not in ("name", "born")}), city.records)
    assert load(tmp_path, path.stem, city.records) == ColumnMap("participation", {"a\\b": "", "\x7f表": "learner__code"})
    path = save(tmp_path, ColumnMap("learner", {k: v for k, v in words.items() if "__" not in v}), city.records)
    assert load(tmp_path, path.stem, city.records) == ColumnMap("learner", {k: v for k, v in words.items() if "__" not in v})
    assert path.read_text(encoding="utf-8").splitlines()[2:] == [
        'record = "learner"  # 学员 learner', "", "[columns]", '"姓\\"名\\n（全）" = "name"  # 姓名 name', '"a\\\\b" = ""  # 不读 not read',
        '"生日 " = "born"  # 出生日期 birth date',
    ]


@pytest.mark.parametrize(("text", "line", "key", "words"), [
    ('record = "lerner"\n[columns]\n', 1, "record", "没有这种登记"),
    ('# x\nrecord = "learner"\n\n[columns]\n"村民" = "name"\n"住" = "hime"\n', 6, "住", "没有字段 hime"),
    ('record = "learner"\n[columns]\n"村民" = "name"\n\'人\' = "name"\n', 4, "人", "已对应另一列"),
    ('record = "learner"\n[columns]\n"村民" = 3\n', 3, "村民", "没有字段 3"),
    ('record = "learner"\ncolumns = 3\n', 2, "columns", "[columns]"),
    ('record = "learner"\n[columns\n', 2, "", "TOML"),
    ("", 1, "record", "没有这种登记"),
])
def test_a_wrong_file_is_refused_with_its_line_and_key(city: LMS, tmp_path: Path, text: str, line: int, key: str, words: str) -> None:
    """By whoever shared it: nothing is read by guess."""
    (tmp_path / "abc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ColumnsError) as refused:
        load(tmp_path, "abc", city.records)
    assert (refused.value.values["line"], refused.value.values["key"]) == (line, key)
    assert refused.value.say("zh").startswith(f"abc.toml 第 {line} 行")
    assert words in refused.value.say("zh")


NAMED = ("name", "born", "home", "sex")
ROWS = (("周小好", "1980-01-01", "510402001001", "女"), ("欧阳明", "1960-02-03", "510403001001", "男"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_same_rows_under_any_words_in_any_order_land_as_under_our_own(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever the words are, once they are saved."""
    words = data.draw(st.lists(st.text("甲乙丙丁戊己一二（）()[] Ab/", min_size=2, max_size=8).filter(lambda w: any(map(str.isalnum, w))),
                               min_size=5, max_size=5, unique_by=lambda w: signature([w])))
    order = data.draw(st.permutations(range(5)))
    with new_city() as ours, new_city() as theirs:
        record: Record = ours.record("learner")
        header = ",".join(record.field(n).label.zh for n in NAMED)
        ours.import_file("learner", table(tmp_path, header, *map(",".join, ROWS), name="ours.csv"))
        lines = [words, *([*row, "甲"] for row in ROWS)]
        path = table(tmp_path, *(",".join(line[i] for i in order) for line in lines), name="theirs.csv")
        save(tmp_path / "saved", ColumnMap("learner", dict(zip((words[i] for i in range(5)), (*NAMED, ""), strict=True))), ours.records)
        done = theirs.import_file("learner", path, columns=tmp_path / "saved")
        assert done.columns_from
        assert [r.cells for r in ours.rows("learner")] == [r.cells for r in theirs.rows("learner")]


def test_a_sheet_keeps_everything_but_its_header(city: LMS, tmp_path: Path) -> None:
    """Its lines, its other cells, and words that the map does not name."""
    sheet = open_sheets(table(tmp_path, *ROSTER))[0]
    renamed = apply(sheet, 2, ColumnMap("learner", {"村民": "name", "备注": ""}), city.records)
    before, after = list(sheet.rows()), list(renamed.rows())
    assert [r for r in before if r.line != 2] == [r for r in after if r.line != 2]
    assert after[1].cells == ["序号", "姓名", "男/女", "生于", "证件号", "所住村居", "手机", "家里几口人", "备注·不读"]


def test_serial_numbers_are_no_id_numbers(city: LMS, tmp_path: Path) -> None:
    """Not by their word, nor by what stands below, in text or in numbers; eighteen digits with a slip are."""
    path = book_file(tmp_path, [["序号", "第几个", "叫啥", "证"], [1, 1, "王芳", L1_ID], [2, 3, "李雷", "510402195508090019"]])
    assert fields(proposed(city, path, "learner")) == {"序号": "", "第几个": "", "叫啥": "name", "证": "id_number"}


def test_the_only_text_that_is_left_is_proposed_for_the_theme(city: LMS, tmp_path: Path) -> None:
    """And hours for a length by their unit, even 1.5; where two texts are left neither."""
    lines = ("序号,搞啥子,哪天,来了好多人,谁办的,耍了多久（小时）", "1,坝坝舞,11月5日,40,JG1,1.5", "2,书法班,11月6日,20,JG1,2")
    found = proposed(city, table(tmp_path, *lines), "ledger")
    assert fields(found) == {
        "序号": "", "搞啥子": "theme", "哪天": "on", "来了好多人": "present", "谁办的": "institution", "耍了多久（小时）": "minutes",
    }
    assert found.guesses[1].why == "left"
    two = [line + more for line, more in zip(lines, (",在哪儿", ",大院坝", ",二楼"), strict=True)]
    assert fields(proposed(city, table(tmp_path, *two), "ledger"))["搞啥子"] == ""


def test_a_sign_in_sheet_is_proposed_as_an_attendance_list(city: LMS, tmp_path: Path) -> None:
    """Its title gives the activity and the day; without one the same words are a roster."""
    lines = ("序号,叫啥,生于,住址", "1,王芳,1955-08-09,510402001001")
    signed = proposed(city, table(tmp_path, "幸福社区健康讲座签到表,,,", "活动时间：2022年11月8日,,,", *lines))
    assert (signed.record.key, signed.lacking([g.path for g in signed.guesses], city.records)) == ("attendance", [])
    assert proposed(city, table(tmp_path, *lines)).record.key == "learner"


def test_the_second_line_of_a_header_is_no_row(city: LMS, tmp_path: Path) -> None:
    """男 and 女 below 来的人数."""
    rows = [["搞啥子", "哪天", "来的人数", None], [None, None, "男", "女"], ["讲座", "11月5日", 3, 4]]
    path = paper(tmp_path, rows, ["A1:A2", "B1:B2", "C1:D1"])
    found = proposed(city, path)
    assert found.record.key == record_named("ledger", city.records).key
    assert (fields(found)["来的人数"], [g.samples for g in found.guesses]) == ("present", [("讲座",), ("11月5日",), ("3",)])


@pytest.mark.parametrize("lines", [
    ("王芳,女,石桥村", "李雷,男,石桥村"), ("甲乙,13800138000,石桥村,女,大院", "丙丁,13900138000,石桥村,男,二楼"),
    (f"甲乙,{L1_ID},石桥村,女",),
])
def test_a_person_is_never_taken_for_a_header_and_saved(city: LMS, tmp_path: Path, lines: tuple[str, ...]) -> None:
    """A list without a header: the file of columns is shared, and would carry the first one's name or number."""
    with pytest.raises(HeaderError):
        proposed(city, table(tmp_path, *lines))


def test_english_words_that_no_import_knows_are_proposed(city: LMS, tmp_path: Path) -> None:
    """By likeness: they need not be the labels."""
    ledger = ("When,Activity name,Where,Participants,Organised by,Duration (hours)", "2022-11-05,Health,Room 3,20,JG1,1.5")
    assert fields(proposed(city, table(tmp_path, *ledger))) == {
        "When": "on", "Activity name": "theme", "Where": "venue", "Participants": "present", "Organised by": "institution",
        "Duration (hours)": "minutes",
    }
    signed = ("Health lecture sign-in,,", "Full name,Date of birth,Address", "王芳,1955-08-09,510402001001")
    assert [*fields(proposed(city, table(tmp_path, *signed))).values()] == ["name", "born", "home"]
