"""Files that are no tables, and text files in every dress they come in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from commlms import LMS, FileRefused
from tests.ingest.clerk import book_file, column, counts, csv_file, dump, found

HTML = b"<html><body><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td></tr></table></body></html>\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _zip(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return path


def _refusal(city: LMS, path: Path) -> str:
    """The sentence with which a file is refused; nothing may have been written."""
    before = dump(city)
    with pytest.raises(FileRefused) as caught:
        city.import_file("learner", path)
    assert dump(city) == before
    assert path.name in caught.value.say("zh")
    assert path.name in caught.value.say("en")
    return caught.value.say("en")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("网页.xlsx", HTML, "no workbook"),
        ("网页.csv", HTML, "no header was recognised"),
        ("名册.xlsx", "学员编号,姓名\nN1,赵一\n".encode(), "no workbook"),
        ("旧表.xls", OLE, "damaged"),
        ("通知.doc", OLE, "only .xlsx, .xls, .et, .ods and .csv"),
        ("旧表.xlsx", OLE, "damaged"),
        ("网页.xls", HTML, "no workbook"),
        ("加密.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100), "password"),
        ("旧表.csv", OLE, "it is a workbook"),
        ("空.csv", b"", "the file is empty"),
        ("空.xlsx", b"", "the file is empty"),
        ("空.jsonl", b"", "the file is empty"),
        ("空白.csv", b"\n\n  \n", "no header was recognised"),
        ("空字符.csv", "学员编号,姓名\nN1,赵一\nN2,赵\0二\n".encode(), "line 3 contains a NUL byte"),
        ("别的.csv", "甲,乙,丙\n1,2,3\n".encode(), "no header was recognised"),
        ("缺列.csv", "学员编号,出生日期\nN1,1980-01-01\n".encode(), "lacks a column for name"),
        ("重复.csv", "学员编号,姓名,姓名\nN1,赵一,赵二\n".encode(), "several columns are headed 姓名 (B1、C1)"),
        ("引号.csv", '学员编号,姓名\nN1,赵一\nN2,"赵二\nN3,赵三\n'.encode(), "line 3 cannot be read"),
        ("乱码.csv", b"\x81\xff\xff,\xff\n", "neither UTF-8 nor GB18030"),
        ("乱码.jsonl", b'{"code": "\xff"}\n', "not UTF-8"),
        ("行.jsonl", b'{"code": "N1", "name": "a"}\n[1]\n', "line 2 is not a JSON object"),
        ("深.jsonl", b"[" * 100_000 + b"\n", "line 1 is not a JSON object"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_one_sentence(
    city: LMS, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """And nothing is written."""
    path = tmp_path / name
    path.write_bytes(content)
    assert said in _refusal(city, path)


def test_a_folder_or_nothing_at_all_is_refused(city: LMS, tmp_path: Path) -> None:
    """A folder named like a file, a name that does not exist, a name longer than any file can have."""
    (tmp_path / "夹.csv").mkdir()
    assert "is a folder" in _refusal(city, tmp_path / "夹.csv")
    assert "no such file" in _refusal(city, tmp_path / "没有.csv")
    assert "cannot be read" in _refusal(city, tmp_path / ("长" * 300 + ".csv"))


@pytest.mark.parametrize("name", ["锁.csv", "锁.xlsx", "锁.jsonl"])
def test_a_file_without_permission_is_refused(city: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever runs the tests: opening it fails as it does for a file of somebody else."""
    path = csv_file(tmp_path, "学员编号,姓名", "N1,赵一", name=name)

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "Permission denied" in _refusal(city, path)


@pytest.mark.parametrize("name", ["清单.xlsx", "清单.csv"])
def test_an_archive_is_no_workbook(city: LMS, tmp_path: Path, name: str) -> None:
    """A zip file under another name."""
    said = _refusal(city, _zip(tmp_path / name, 名册__csv="学员编号,姓名\n".encode()))
    assert "not a workbook" in said or "it is a workbook" in said


def test_a_workbook_cut_short_is_refused(city: LMS, tmp_path: Path) -> None:
    """At any length: the end of a zip file holds its list of contents."""
    path = book_file(tmp_path, [["学员编号", "姓名"], ["N1", "赵一"]])
    whole = path.read_bytes()
    for length in range(4, len(whole) - 1, len(whole) // 12):
        path.write_bytes(whole[:length])
        assert "incomplete" in _refusal(city, path)


def test_a_zip_bomb_is_refused_without_being_unpacked(city: LMS, tmp_path: Path) -> None:
    """60 MB of zeros in 60 kB."""
    path = _zip(tmp_path / "炸弹.xlsx", **{"[Content_Types].xml": b"<a/>", "xl__worksheets__sheet1.xml": bytes(60 << 20)})
    assert path.stat().st_size < 1 << 20
    assert "abnormal size" in _refusal(city, path)


def test_a_header_alone_is_a_table_without_rows(city: LMS, tmp_path: Path) -> None:
    """Nothing to read is no error."""
    assert counts(city.import_file("learner", csv_file(tmp_path, "学员编号,姓名"))) == (0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_dress_of_a_text_file_gives_the_same_rows(
    city: LMS, tmp_path: Path, encoding: str, separator: str, ending: str
) -> None:
    """Below a title that holds the other separators; a cell with a comma stays one cell."""
    lines = ["东区；2023;年,名册", "学员编号,姓名,出生日期", 'N1,"王　芳",１９８１－２－３', 'N2,赵二,坏']
    text = ending.join(line.replace(",", separator) if i else line for i, line in enumerate(lines)) + ending
    path = tmp_path / "名册.csv"
    path.write_bytes(text.encode(encoding))
    result = city.import_file("learner", path)
    assert found(result) == [("not_a_date", 4, "C4")]
    assert [r.cells["born"] for r in city.rows("learner") if r.cells["code"] == "N1"] == ["1981-02-03"]
    assert column(city, "learner", "name")[-1] == "王芳"


def test_lines_stay_true_below_a_cell_that_holds_line_breaks(city: LMS, tmp_path: Path) -> None:
    """The row after a cell of three lines stands three lines lower."""
    path = csv_file(tmp_path, "学员编号,姓名,住址,出生日期", 'N1,赵一,"510402001001\n\n",1980-01-01', "N2,赵二,,坏", name="a.csv")
    assert found(city.import_file("learner", path)) == [("not_a_date", 5, "D5")]


def test_a_cell_of_ten_million_characters_rejects_its_row_alone(city: LMS, tmp_path: Path) -> None:
    """The limit is what a spreadsheet cell holds; the sentence gives both numbers, not the text."""
    path = csv_file(tmp_path, "学员编号,姓名", "N1," + "赵" * 10_000_000, "N2,赵二")
    result = city.import_file("learner", path)
    assert found(result) == [("cell_too_long", 2, "B2")]
    assert len(result.problems[0].say("zh")) < 100
    assert result.new == 1


def test_a_cell_is_measured_as_a_spreadsheet_measures_it(city: LMS, tmp_path: Path) -> None:
    """32,766 units: a sign beyond the first plane takes two."""
    rows = [f"N{i}," + text for i, text in enumerate(("a" * 32_766, "a" * 32_767, "😀" * 16_383, "😀" * 16_384))]
    result = city.import_file("learner", csv_file(tmp_path, "学员编号,姓名", *rows))
    assert found(result) == [("cell_too_long", 3, "B3"), ("cell_too_long", 5, "B5")]


def test_of_two_columns_with_one_meaning_the_surer_word_is_read(city: LMS, tmp_path: Path) -> None:
    """时间 often holds a time of day; 活动日期 is the field's own name. What is not read is said."""
    path = csv_file(tmp_path, "时间,活动日期,活动主题,主办单位,参加人数,备注", "上午,2022-03-07,茶艺,JG1,30,x")
    result = city.import_file("ledger", path)
    assert (result.new, result.unread_columns) == (1, ("时间", "备注"))


def test_three_hundred_columns_are_read_where_they_are_known(city: LMS, tmp_path: Path) -> None:
    """The cell of a problem far to the right has its true name: column 300 is KN."""
    header = ["学员编号", *(f"备注{i}" for i in range(297)), "姓名", "出生日期"]
    path = csv_file(tmp_path, ",".join(header), ",".join(["N1", *[""] * 297, "赵一", "坏"]))
    assert found(city.import_file("learner", path)) == [("not_a_date", 2, "KN2")]


def test_blank_rows_and_rows_of_spaces_are_no_rows(city: LMS, tmp_path: Path) -> None:
    """Ideographic spaces too."""
    path = csv_file(tmp_path, "学员编号,姓名", "", ",", " ,　", "N1,赵一")
    assert counts(city.import_file("learner", path))[:2] == (1, 1)
