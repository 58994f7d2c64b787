"""Bad files as streets send them, one a line of data: what is wrong, the record, the file's name and its rows.

Rows are texts for a text file, lists of cells for a workbook, or a mapping of sheets to such lists. Everybody in them is
``{name}``, with ``{id}``, ``{born}`` and ``{phone}``, so that a sentence that quotes one of these is found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import openpyxl

from tests.ingest.clerk import L1_ID, id_number

NAME, BORN, PHONE = "钱不显", "1961-07-08", "13912345678"
ID = id_number(BORN, "female", 7)
_WRONG_DIGIT = ID[:-1] + ("0" if ID[-1] != "0" else "1")
#: What no sentence may contain.
PERSONAL = (NAME, BORN, PHONE, ID, _WRONG_DIGIT, ID[:-1], ID[6:14])

Rows = Sequence[str] | Sequence[Sequence[Any]] | Mapping[str, Sequence[Sequence[Any]]]


@attrs.frozen
class Case:
    """One bad file. ``code`` is the problem's, empty for a file that is refused; ``before`` rows that are stored first.

    ``record`` is what it is imported as; ``take`` for what a street sends, in any shape. ``merged`` is a range of cells of
    the first sheet; ``content`` the whole file, where rows cannot make it; ``sheet`` and ``under`` go to the import;
    ``keyless``: where there is no office key.
    """

    code: str
    record: str
    file: str
    rows: Rows = ()
    before: Sequence[tuple[str, Mapping[str, Any]]] = ()
    merged: str = ""
    content: bytes | None = None
    sheet: str | None = None
    under: str | None = None
    keyless: bool = False

    def write(self, folder: Path) -> Path:
        """The file, in a folder."""
        path = folder / self.file
        if self.content is not None:
            path.write_bytes(self.content)
        elif isinstance(self.rows, Mapping):
            self._book(path, self.rows)
        elif self.rows and not isinstance(self.rows[0], str):
            self._book(path, {"Sheet1": self.rows})
        elif self.rows:
            path.write_text("".join(f"{_filled(line)}\n" for line in self.rows), encoding="utf-8")
        return path

    def _book(self, path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            page = book.create_sheet(name)
            for row in rows:
                page.append([_filled(cell) for cell in row])
        if self.merged:
            book.worksheets[0].merge_cells(self.merged)
        book.save(path)


def _filled(cell: Any) -> Any:
    return cell.format(name=NAME, born=BORN, phone=PHONE, id=ID) if isinstance(cell, str) and "{" in cell and cell[0] != "[" else cell


ROSTER = "学员编号,姓名,性别,出生日期,身份证号,居住地,手机"
BOOK = ROSTER.split(",")
LEDGER = "主办单位,活动日期,开始时间,活动主题,参加人数,时长,联系人,手机"
SIGNED = "姓名,出生日期,身份证号,场次编号,参与时长,手机"
WHO = {"name": NAME, "born": BORN}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _learner(code: str, row: str, *before: Mapping[str, Any]) -> Case:
    return Case(code, "learner", "名册.csv", (ROSTER, row), [("learner", b) for b in before])


def _book(code: str, *cells: Any) -> Case:
    return Case(code, "learner", "名册.xlsx", {"三月": [BOOK, cells], "四月": [["另一张表"]]})


def _ledger(code: str, row: str) -> Case:
    return Case(code, "ledger", "台账.csv", ("2022年活动台账", LEDGER, f"{row},{{name}},{{phone}}"))


def _signed(code: str, row: str, *before: Mapping[str, Any]) -> Case:
    return Case(code, "participation", "签到.csv", (SIGNED, f"{row},{{phone}}"), [("learner", b) for b in before])


def _sent(code: str, file: str, *rows: Sequence[Any]) -> Case:
    return Case(code, "take", file, {"三月": rows})


def _fund(code: str, amount: str) -> Case:
    row = f"510402,2022年度,个人,活动经费,{{name}},{amount}"
    return Case(code, "funding.fund", "经费.csv", ("地点,时期,经费来源,经费用途,项目名称,预算", row))


def _site(code: str, area: str) -> Case:
    return Case(code, "premises.site", "用房.csv", ("机构,场所名称,建筑面积,用房功能", f"JG1,主楼,{area},{{name}}工作室"))


SENT, DAYS = ["活动日期", "活动主题", "参加人数"], ["姓名", *range(1, 8)]

CASES: tuple[Case, ...] = (
    _learner("required", "N1,,女,{born},{id},,{phone}"),
    _learner("not_a_date", "N1,{name},女,七月初八,{id},,{phone}"),
    _learner("date_with_time", "N1,{name},女,{born} 09:30,,,{phone}"),
    _learner("too_old", "N1,{name},女,1871年2月3日,,,{phone}"),
    _learner("unknown_choice", "N1,{name},未知,{born},{id},,{phone}"),
    _learner("id_checksum", f"N1,{{name}},女,{{born}},{_WRONG_DIGIT},,{{phone}}"),
    _learner("id_form", f"N1,{{name}},女,{{born}},{ID[:-1]},,{{phone}}"),
    _learner("id_birth", "N1,{name},女,1962-07-08,{id},,{phone}"),
    _learner("id_sex", "N1,{name},男,{born},{id},,{phone}"),
    _learner("id_stored", "N1,{name},,,{id},,{phone}", {"code": "N1", "name": NAME, "born": "1990-01-01"}),
    _learner("scientific", "5.1E+11,{name},女,{born},,,{phone}"),
    _learner("unknown_place", "N1,{name},女,{born},,火星村,{phone}"),
    _learner("ambiguous_place", "N1,{name},女,{born},,幸福社区,{phone}"),
    _learner("control_character", "N1,{name}�,女,{born},,,{phone}"),
    _learner("cell_too_long", "N1," + "{name}" * 12_000 + ",女,{born},,,{phone}"),
    _learner("conflict", "L3,{name},,{born},,,{phone}"),
    _learner("identity_clash", f"N1,{{name}},,,{L1_ID},,{{phone}}", {"code": "N1", "name": NAME}),
    _learner("ambiguous_birth", ",{name},,1961,,,{phone}", {"code": "N1", **WHO}),
    _learner("row_short", "N1,{name},女"),
    _learner("row_long", "N1,{name},女,{born},,,{phone},{phone}"),
    Case("duplicate", "learner", "名册.csv", (ROSTER, "N1,{name},女,{born},,,{phone}", "N1,{name},女,{born},,,{phone}")),
    Case("id_needs_key", "learner", "名册.csv", (ROSTER, "N1,{name},女,{born},{id},,{phone}"), keyless=True),
    Case("state_before_last", "learner", "名册.csv", ("学员编号,姓名,居住地,变动日期", "N1,{name},510403,2022-04-01"), [
        ("learner", {"code": "N1", "name": NAME, "home": "510402"}),
        ("learner", {"code": "N1", "name": NAME, "home": "510403001001", "since": "2022-05-01"}),
    ]),
    Case("not_one_value", "learner", "名册.jsonl", ('[]',), content=f'{{"code": "N1", "name": ["{NAME}"]}}\n'.encode()),
    _book("id_numeric", "N1", "{name}", "女", "{born}", 990101196107080712, "", "{phone}"),
    _book("fraction_code", 1.5, "{name}", "女", "{born}", "{id}", "", "{phone}"),
    _book("fraction_month", "N1", "{name}", "女", 1961.1, "", "", "{phone}"),
    _book("date_cell", dt.date(2023, 3, 5), "{name}", "女", "{born}", "", "", "{phone}"),
    _book("boolean", True, "{name}", "女", "{born}", "", "", "{phone}"),
    _book("cell_error", "N1", "#N/A", "女", "{born}", "", "", "{phone}"),
    _book("not_computed", "N1", "=B9", "女", "{born}", "", "", "{phone}"),
    Case("merged_cell", "learner", "名册.xlsx", [BOOK, ["N1", "{name}", "女", "{born}"], ["N2", "", "女", "{born}"]], merged="B2:B3"),
    _ledger("date_without_day", "JG1,2022年3月,,健康讲座,50,90"),
    _ledger("date_in_future", "JG1,2032-03-05,,健康讲座,50,90"),
    _ledger("date_too_early", "JG1,1022-03-05,,健康讲座,50,90"),
    _ledger("not_a_time", "JG1,2022-03-05,上午,健康讲座,50,90"),
    _ledger("not_a_number", "JG1,2022-03-05,,健康讲座,若干,90"),
    _ledger("negative", "JG1,2022-03-05,,健康讲座,-50,90"),
    _ledger("too_large", "JG1,2022-03-05,,健康讲座,50,9000"),
    _ledger("unknown_ref", "JG9,2022-03-05,,健康讲座,50,90"),
    Case("ambiguous_ref", "ledger", "台账.csv", (LEDGER, "老年学校,2022-03-05,,健康讲座,50,90,{name},{phone}"), [
        ("institution", {"code": f"JG{n}", "name": "老年学校", "place": p}) for n, p in ((2, "510402"), (3, "510403"))
    ]),
    Case("ambiguous_session", "ledger", "台账.csv", (LEDGER, "JG1,2022-03-05,,健康讲座,50,90,{name},{phone}"), [
        ("session", {"institution": "JG1", "on": "2022-03-05", "start": "14:00", "theme": "健康讲座"}),
    ]),
    _signed("unknown_learner", "{name},{born},,S1,90"),
    _signed("weak_learner", "{name},,,S1,90"),
    _signed("ambiguous_learner", "{name},{born},,S1,90", {"code": "N1", **WHO}, {"code": "N2", **WHO}),
    _signed("unknown_session", "{name},{born},,S9,90", {"code": "N1", **WHO}),
    Case("no_organiser", "attendance", "签到.csv", ("活动日期,活动主题,姓名,出生日期", "2022-04-01,太极拳,{name},{born}")),
    Case("ends_before_start", "place", "地点.csv", ("代码,名称,级别,生效日期,失效日期", "5199,某市,市,2022-01-01,2021-01-01")),
    Case("cycle", "place", "地点.csv", ("代码,名称,级别,上级代码", "5198,甲,市,5199", "5199,乙,市,5198")),
    Case("too_many_decimals", "reported", "上报数.csv", ("地点,时期,指标,报数单位,数值", "510402,2022,core.persons,民政局,1.234")),
    Case("not_a_period", "reported", "上报数.csv", ("地点,时期,指标,报数单位,数值", "510402,近三年,core.persons,民政局,1")),
    _fund("not_money", "约3万"),
    _fund("negative_money", "-3000"),
    _fund("below_fen", "1200.005"),
    _fund("money_unit", "300美元"),
    Case("money_unit", "funding.fund", "经费.xlsx", [["2022年经费表"], ["地点", "时期", "经费来源", "经费用途", "预算（元/人）"],
                                                     ["510402", 2022, "财政", "专项经费", 2]]),
    _site("not_an_area", "三间"),
    _site("area_unit", "2亩"),
    Case("no_organiser", "attendance", "签到.csv", ("姓名,活动日期,活动主题", "{name},2022-03-05,健康讲座"), [
        ("institution", {"code": "JG2", "name": "老年学校", "place": "510402001"}),
    ], under="510402001"),
    _ledger("year_unknown", "JG1,3月5日,,健康讲座,50,90"),
    _sent("fraction_day", "大渡口街道台账.xlsx", ["大渡口街道2022年活动台账"], SENT, [3.1, "健康讲座", 30], ["2022-03-06", "合唱", 30]),
    _sent("unknown_mark", "大渡口街道考勤表.xlsx", ["大渡口街道2022年3月书法班考勤表"], DAYS, ["{name}", "√", "※"], ["图例：√出勤 ×缺勤"]),
    _sent("", "大渡口街道考勤表.xlsx", ["大渡口街道书法班考勤表"], DAYS, ["{name}", "√", "", "√"]),
    Case("", "take", "大渡口街道考勤表.xlsx", {"书法班": [["大渡口街道书法班考勤表"], DAYS, ["{name}", "√", "", "√"]]}),
    _sent("", "通知.xlsx", ["关于开展活动的通知"], ["请各街道于月底前报送"]),
    _sent("", "台账.xlsx", ["2022年3月活动台账"], SENT, ["2022-03-05", "健康讲座", 30]),
    _sent("", "幸福社区台账.xlsx", ["2022年3月活动台账"], SENT, ["2022-03-05", "健康讲座", 30]),
    _sent("", "大渡口街道台账.xlsx", ["大渡口街道活动台账"], SENT, ["3月5日", "健康讲座", 30]),
    # -- files that are refused
    Case("", "learner", "没有.csv"),
    Case("", "learner", "空.csv", content=b""),
    Case("", "learner", "旧.doc", content=_OLE),
    Case("", "learner", "密.xlsx", content=_OLE + "EncryptedPackage".encode("utf-16-le")),
    Case("", "learner", "网页.xlsx", content=b"<html></html>"),
    Case("", "learner", "公文.pdf", content=b"%PDF-1.4"),
    Case("", "learner", "乱码.csv", content=b"\xff\xff\xff"),
    Case("", "learner", "零.csv", content=f"姓名,编号\n{NAME}\0,1\n".encode()),
    Case("", "learner", "引号.csv", content=f'学员编号,姓名\nN1,"{NAME}\nN2,{NAME}\n'.encode()),
    Case("", "learner", "坏.jsonl", content=f'{{"name": "{NAME}"\n'.encode()),
    Case("", "learner", "名册.csv", ("村民,电话", "{name},{phone}")),
    Case("", "learner", "名册.csv", ("姓名,电话", "{name},{phone}")),
    Case("", "learner", "名册.csv", ("姓名,出生日期,姓名", "{name},{born},{name}")),
    Case("", "ledger", "台账.xlsx", {"三月": [["活动日期", "活动主题"], ["2022-03-05", "健康讲座"]], "四月": [["活动日期", "活动主题"]]}),
    Case("", "ledger", "台账.xlsx", {"三月": [["活动日期", "活动主题"]]}, sheet="五月"),
)
