"""Forms from above are filled as they came: figures where the bindings say, everything else untouched, every figure explained."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from commlms import LMS, PolicyError
from commlms.core.errors import FileRefused

BINDINGS = """
[form]
place = "5104"
period = "2022"

[[cell]]
at = "C3"
metric = "core.persons"

[[cell]]
at = "E3"
metric = "core.participation"

[[cell]]
at = "E4"
metric = "core.participation"
show = "ceiling"

[[rows]]
lines = "7-11"
place_in = "A"
metrics = { B = "core.persons", C = { metric = "core.participation", decimals = 1 } }
"""


def received(folder: Path) -> Path:
    """A form with a merged title, styles, a column of places, a sum as a formula, and a cell that shows percentages."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "表一"
    page["A1"] = "2022年社区教育情况表"
    page.merge_cells("A1:E1")
    page["A1"].font, page["A1"].fill = Font(bold=True, size=16), PatternFill("solid", fgColor="FFFF00")
    page["A3"], page["D3"], page["D4"] = "学习人数", "参与率", "至多"
    page["E3"].number_format = "0.00%"
    for line, name in enumerate(("单位", "东区", "西区", "高新区", "合计"), start=6):
        page[f"A{line}"] = name
    page["B10"] = "=SUM(B7:B9)"
    page.row_dimensions[6].height, page.column_dimensions["A"].width = 40, 33
    book.create_sheet("填表说明")["A1"] = "不要改动"
    book.save(folder / "form.xlsx")
    (folder / "form.toml").write_text(BINDINGS, encoding="utf-8")
    return folder / "form.xlsx"


def test_a_workbook_is_filled_where_its_bindings_say_and_stays_as_it_came_elsewhere(lms: LMS, tmp_path: Path) -> None:
    """Of 26 who came 25 are residents (23 seniors in the townships, 2 adults): 25 of 1,000; present were 101, so 75 unnamed."""
    form = received(tmp_path)
    before = form.read_bytes()
    done = lms.office.fill(form)
    assert form.read_bytes() == before
    assert done.path.name == "form-filled.xlsx"
    assert done.lost == ()
    book = openpyxl.load_workbook(done.path)
    page = book["表一"]
    assert page["C3"].value == 25
    assert Decimal(str(page["E3"].value)) == Decimal("0.025")
    assert page["E4"].value == 100
    assert [page[f"B{n}"].value for n in range(7, 11)] == [23, 2, 0, "=SUM(B7:B9)"]
    assert [page[f"C{n}"].value for n in (7, 8)] == [5.7, 0.3]  # 23 / 400 = 5.75 and 2 / 600 = 0.33, cut
    assert page["C9"].value == "无数据"
    assert "A1:E1" in {r.coord for r in page.merged_cells.ranges}
    assert page["A1"].font.bold
    assert page["A1"].fill.fgColor.rgb == "00FFFF00"
    assert (page.row_dimensions[6].height, page.column_dimensions["A"].width) == (40, 33)
    assert book["填表说明"]["A1"].value == "不要改动"


def test_a_sheet_says_for_every_cell_which_metric_rule_and_two_integers_it_is(lms: LMS, tmp_path: Path) -> None:
    page = openpyxl.load_workbook(lms.office.fill(received(tmp_path)).path)["取数说明"]
    rows = {row[0]: row for row in page.iter_rows(values_only=True)}
    assert page["A1"].value == "演示数据，非真实统计"
    assert rows["表一!E3"][1:4] == ("5104 攀枝花市", "2022", "居民参与率 [core.participation]")
    assert rows["表一!E3"][6:9] == (25, 1000, "2.50%")
    assert rows["表一!B7"][6:9] == (23, None, 23)
    assert "常住居民" in rows["表一!C7"][5]
    assert rows["表一!C9"][8:] == ("无数据", "居民数（常住，全部）")
    assert len(rows) == 2 + 3 + 6  # the mark, the heads, three cells, three lines of two


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"core.persons"\n', '"core.person"\n', 8, "没有指标「core.person」"),
        ('at = "C3"', 'at = "B10"', 8, "表一!B10 里是公式"),
        ('at = "C3"', 'at = "C1"', 8, "表一!C1 是合并单元格的一部分；请绑定 A1"),
        ('at = "C3"', 'at = "B7"', 22, "表一!B7 绑定了两次"),
        ('at = "C3"', 'at = "C3"\nsheet = "表二"', 9, "没有工作表「表二」；有：表一、填表说明"),
        ('at = "C3"', 'at = "3C"', 7, "「at」应为单元格"),
        ('lines = "7-11"', 'lines = "6-11"', 22, "表一!A6 不是已知的地点"),
        ('lines = "7-11"', 'lines = "11-7"', 20, "行号应从小到大"),
        ('show = "ceiling"', 'shows = "ceiling"', 17, "未知的键「shows」"),
    ],
)
def test_a_wrong_binding_is_refused_with_its_line_and_nothing_is_written(
    lms: LMS, tmp_path: Path, old: str, new: str, line: int, words: str,
) -> None:
    form = received(tmp_path)
    (tmp_path / "form.toml").write_text(BINDINGS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        lms.office.fill(form)
    assert (error.value.file, error.value.line) == ("form.toml", line), error.value.say("zh")
    assert words in error.value.say("zh")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["form.toml", "form.xlsx"]


def test_a_small_figure_about_a_group_is_as_hidden_in_a_form_as_anywhere(lms: LMS, tmp_path: Path) -> None:
    """Three seniors in one township: a form from above is a report like any other."""
    form = received(tmp_path)
    (tmp_path / "form.toml").write_text(
        '[form]\nperiod = "2022"\n[[cell]]\nat = "C3"\nplace = "510401001"\nmetric = "seniors.persons"\n', encoding="utf-8",
    )
    (answer,) = lms.office.fill(form).answers
    assert (answer.value, answer.numerator) == ("<5", "<5")
    assert answer.note is not None
    assert "不足 5 人" in answer.note.zh


@pytest.mark.parametrize("where", [
    'cell]]\nat = "ZZZ9999999"\nmetric = "core.persons"', 'cell]]\nat = "XFE3"\nmetric = "core.persons"',
    'cell]]\nat = "B3\\n"\nmetric = "core.persons"', 'rows]]\nlines = "7-9"\nplace_in = "ZZZ"\nmetrics = { B = "core.persons" }',
    'rows]]\nlines = "7-9"\nplace_in = "A"\nmetrics = { ZZZ = "core.persons" }',
    'rows]]\nlines = "7-9999999"\nplace_in = "A"\nmetrics = { B = "core.persons" }',
])
def test_a_cell_that_no_workbook_has_is_refused_with_its_line(lms: LMS, tmp_path: Path, where: str) -> None:
    form = received(tmp_path)
    (tmp_path / "form.toml").write_text(f'[form]\nperiod = "2022"\n[[{where}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=r"form.toml, line [3-6]: "):
        lms.office.fill(form)


def test_the_received_form_is_never_written_over(lms: LMS, tmp_path: Path) -> None:
    form = received(tmp_path)
    with pytest.raises(FileRefused, match="is the form itself"):
        lms.office.fill(form, out=form)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 old or locked"])
def test_a_form_that_cannot_be_opened_is_one_sentence(lms: LMS, tmp_path: Path, content: bytes) -> None:
    form = received(tmp_path)
    form.write_bytes(content)
    with pytest.raises(FileRefused, match="cannot be opened"):
        lms.office.fill(form)


TEXT_BINDINGS = """
[form]
place = "5104"
tree = "reporting"

[[value]]
name = "persons"
metric = "core.persons"

[[value]]
name = "rate"
metric = "core.participation"

[[list]]
name = "counties"
level = "county"
metrics = { persons = "core.persons", rate = "core.participation" }
"""


SENTENCE = "全市共有 {{ persons }} 人参加，参与率 {{ rate }}（{{ rate.numerator }}/{{ rate.denominator }}）。"


def letter(folder: Path, text: str = SENTENCE) -> Path:
    """A text document with a sentence, and a table with one line a county."""
    import docx

    document = docx.Document()
    document.add_heading("工作总结", level=1)
    document.add_paragraph(text).runs[0].bold = True
    table = document.add_table(rows=4, cols=3)
    for cell, words in zip(table.rows[0].cells, ("区县", "人数", "参与率"), strict=True):
        cell.text = words
    table.rows[1].cells[0].text = "{%tr for row in counties %}"
    for cell, words in zip(table.rows[2].cells, ("{{ row.place }}", "{{ row.persons }}", "{{ row.rate }}"), strict=True):
        cell.text = words
    table.rows[3].cells[0].text = "{%tr endfor %}"
    document.save(str(folder / "letter.docx"))
    (folder / "letter.toml").write_text(TEXT_BINDINGS, encoding="utf-8")
    return folder / "letter.docx"


def test_a_text_document_is_filled_sentence_and_table_and_keeps_its_style(lms: LMS, tmp_path: Path) -> None:
    import docx

    done = lms.office.fill(letter(tmp_path), "2022")
    document = docx.Document(str(done.path))
    texts = [p.text for p in document.paragraphs]
    assert texts[:2] == ["工作总结", "全市共有 25 人参加，参与率 2.50%（25/1000）。"]
    assert document.paragraphs[1].runs[0].bold
    lines = [[c.text for c in row.cells] for row in document.tables[0].rows]
    assert lines == [["区县", "人数", "参与率"], ["高新区", "0", "无数据"], ["东区", "23", "5.75%"], ["西区", "2", "0.33%"]]
    notes = [[c.text for c in row.cells] for row in document.tables[1].rows]
    assert "取数说明" in texts
    assert notes[2][0] == "rate"
    assert notes[2][6:9] == ["25", "1000", "2.50%"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ persons }} {{ rate }} {{ visits }}", "visits 没有绑定"),
        ("{{ persons }}", "没有 rate"),
    ],
)
def test_a_placeholder_and_its_binding_need_each_other(lms: LMS, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        lms.office.fill(letter(tmp_path, text), "2022")
    assert words in error.value.say("zh")


@pytest.mark.parametrize("text", ["{{ persons }} {{ rate.", "{{ persons }} {{ rate.__class__.mro() }}", "{{ persons }} {{ rate.none }}"])
def test_what_a_document_from_outside_says_beyond_figures_is_refused(lms: LMS, tmp_path: Path, text: str) -> None:
    """Half a placeholder, one that reaches for the program behind, one that does not exist."""
    with pytest.raises(FileRefused, match="a placeholder in letter"):
        lms.office.fill(letter(tmp_path, text), "2022")
