"""Activity ledgers as files: rows with a number of people, below merged titles, with sums that do not count."""

from __future__ import annotations

from random import Random

from invented.city import ZONE, City
from invented.ledger import Entry, Ledger
from invented.mess import write_people, write_theme
from invented.programmes import SESSION_FAULTS, session_row
from invented.sheets import BLANK, TOTAL, Fault, Line, Sheet

_FULL = (
    "host:主办单位 on:活动日期 start:开始时间 theme:活动主题 venue:场地 audience:活动对象 present:参加人数 "
    "besides:未签到人数 minutes:时长 category:内容类别 form:形式 program:项目 note:备注"
)
_OTHER = (
    "on:开展日期 start:开始时间 host:举办单位 theme:活动名称 audience:参加对象 venue:活动场所 minutes:活动时长 "
    "category:活动类别 form:活动形式 program:品牌项目 present:参加人数 besides:未签到人数 note:备注"
)

#: Place, name, encoding (empty: a workbook), titles and columns of every ledger; townships first take their rows.
_LAYOUTS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("510402002", "炳草岗街道", "", ("炳草岗街道社区教育活动台账", "（2020—2022年）"), "no:序号 " + _FULL),
    ("510403001", "清香坪街道", "gb18030", (), _OTHER),
    ("510411100", "仁和镇", "utf-8-sig", ("仁和镇活动台账",), _FULL.replace("主办单位", "组织单位")),
    ("510421100", "攀莲镇", "", (), _FULL),
    ("510422210", "温泉彝族乡", "utf-8", (), _FULL.replace("活动日期", "时间")),
    ("510402", "东区", "", ("攀枝花市东区社区教育活动台账", "填报单位：东区社区学院　　单位：人次"), _FULL),
    ("510403", "西区", "gb18030", ("西区社区教育活动台账",), _FULL.replace("活动主题", "活动内容")),
    ("510411", "仁和区", "utf-8", (), _FULL),
    ("510421", "米易县", "", ("米易县社区教育活动统计表", "", ""), "no:序号 " + _OTHER),
    ("510422", "盐边县", "utf-8-sig", (), _OTHER),
    (ZONE, "钒钛高新区", "gb18030", ("钒钛高新区社区学院活动台账",), _FULL),
)

_FAULTS: dict[str, Fault] = {
    **SESSION_FAULTS, "negative#people": {"present": "-20"}, "not_a_number#people": {"present": "若干"},
    "too_large#people": {"present": "99999999"}, "not_a_number#crowd": {"present": "人山人海"},
}


class LedgerFiles:
    """Makes the ledgers of the townships that keep their own, of the counties and of the zone."""

    def __init__(self, seed: int, city: City, ledger: Ledger) -> None:
        self.rng = Random(f"{seed}:ledgers")
        self.city = city
        self._left = sorted(ledger.entries, key=lambda e: (e.session.on, e.session.host.code, e.session.start))
        self._strangers = 0

    def sheets(self) -> list[Sheet]:
        """Every ledger, in the order of import."""
        return [self._sheet(*layout) for layout in _LAYOUTS]

    def _take(self, place: str) -> list[Entry]:
        """The rows hosted below a place that no earlier ledger has; a county's takes the city's with it."""
        def fits(entry: Entry) -> bool:
            host = entry.session.host.place
            return host == place if place == ZONE else host != ZONE and host.startswith(place)

        taken = [e for e in self._left if fits(e)]
        self._left = [e for e in self._left if not fits(e)]
        return taken

    def _sheet(self, place: str, name: str, encoding: str, titles: tuple[str, ...], columns: str) -> Sheet:
        header = dict(pair.split(":") for pair in columns.split())
        sheet = Sheet(f"{name}-活动台账{'.csv' if encoding else '.xlsx'}", "ledger", place, header, encoding, titles)
        entries = self._take(place)
        for entry in entries:
            sheet.add(self._row(entry, book=sheet.is_book))
        sheet.spoil(self.rng, lambda: self._stranger(self.rng.choice(entries), book=sheet.is_book), _FAULTS)
        self._sum(sheet, sum(e.figure for e in entries))
        return sheet

    def _row(self, entry: Entry, *, book: bool) -> dict[str, object]:
        row = session_row(self.rng, entry.session, book=book)
        # What a ledger says about a session that is already known agrees with it; much it leaves out.
        if entry.session.code:
            row["theme"] = write_theme(self.rng, entry.session.theme)
            if self.rng.random() < 0.5:
                row["minutes"] = row["venue"] = ""
            row["audience"] = ""
        figure = write_people(self.rng, entry.figure, book=book)
        return {**row, "present": "" if entry.besides else figure, "besides": figure if entry.besides else ""}

    def _stranger(self, like: Entry, *, book: bool) -> dict[str, object]:
        """The right row of an activity that is nowhere else."""
        self._strangers += 1
        row = session_row(self.rng, like.session, book=book)
        theme = f"{like.session.theme}（补{self._strangers}）"
        return {**row, "minutes": "60", "theme": theme, "present": "30", "besides": ""}

    def _sum(self, sheet: Sheet, people: int) -> None:
        """Number the rows, and add a blank line and sums, one of them in the middle."""
        label = next(iter(sheet.columns))
        if "no" in sheet.columns:
            for number, line in enumerate(sheet.lines, start=1):
                line.cells[0] = number
        if len(sheet.lines) > 40:
            half = Line(sheet.cells({label: "小计", "present": people // 2}), TOTAL)
            sheet.lines.insert(len(sheet.lines) // 2, half)
        if sheet.is_book:
            sheet.add({}, BLANK)
        sheet.add({label: "合计", "present": people}, TOTAL)
