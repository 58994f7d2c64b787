"""commlms inside another program: its own SQLite connection and its own keys, and the figures that come out of it.

Run it: ``python examples/embed.py``. The town and its people are invented. 嵌入示例：地点与人员均为虚构。
"""

import datetime as dt
import json
import sqlite3
import tempfile
from pathlib import Path

import commlms


def set_up(lms: commlms.LMS) -> None:
    """A city, a street with eight residents, a school, two learners."""
    # Rows are instances of record classes. Everything is checked first; all or nothing is written.
    lms.add([
        commlms.Place(code="9001", name="样城市", level="city"),
        commlms.Place(code="900101", name="东区", level="county", parent="9001"),
        commlms.Place(code="900101001", name="东街街道", level="township", parent="900101", kind="street", area="urban"),
    ])
    lms.add(commlms.ResidentsRecord(
        place="900101001", on=dt.date(2020, 11, 1), basis="permanent", persons=8, nature="census", citation="虚构",
    ))
    lms.add(commlms.Institution(code="SCHOOL", name="东街街道社区学校", place="900101001", kind="school"))

    # The host's keys: the same source and source_key find the same row again, so this may be repeated.
    people = [
        {"source": "platform", "source_key": "u1", "code": "L1", "name": "王秀英", "born": dt.date(1950, 3, 2), "home": "900101001"},
        {"source": "platform", "source_key": "u2", "code": "L2", "name": "李建国", "born": dt.date(1955, 7, 9), "home": "900101001"},
    ]
    print("new:", lms.add(people, "learner").new, "again:", lms.add(people, "learner").unchanged)


def write(lms: commlms.LMS, connection: sqlite3.Connection, folder: Path) -> None:
    """A session and its learners in the host's transaction, then a ledger that a street sent."""
    # In the host's transaction: a savepoint that is rolled back takes commlms' writes with it.
    connection.execute("BEGIN")
    lms.add(commlms.Session(code="S1", institution="SCHOOL", on=dt.date(2022, 3, 5), theme="手机课", minutes=90, category="智慧助老"))
    lms.check_in("L1", "S1")
    connection.execute("SAVEPOINT second_thoughts")
    lms.check_in("L2", "S1")
    connection.execute("ROLLBACK TO second_thoughts")
    connection.commit()
    lms.committed()  # now plugins hear of what was written

    # A street's activity ledger, with nothing but numbers; wrong rows come back with line and reason.
    ledger = folder / "台账.csv"
    lines = ("主办单位,活动日期,活动主题,参加人数", "东街街道社区学校,2022-05-07,消防讲座,3", "东街街道社区学校,2022-13-01,茶话会,5")
    ledger.write_text("\n".join(lines), encoding="utf-8")
    result = lms.import_file("ledger", ledger, under="900101001")
    print("ledger:", result.new, "new;", *(p.say("zh") for p in result.problems))


def read(lms: commlms.LMS, folder: Path) -> None:
    """Figures, one of them explained, verdicts, and the report as data."""
    # Persons are proven, visits without names are the ceiling: never one number.
    for figures, metric, figure in lms.metrics("2022", place="9001", level="city", keys=["core.participation", "seniors.digital_reach"]):
        print(figures.period.key, metric.label.zh, f"{figure.numerator}/{figure.denominator}", "至多", figure.ceiling)

    # Where a figure comes from, down to the row, under running pseudonyms.
    explained = lms.explain("core.participation", place="9001", period="2022")
    print(explained.parts[0].words.zh, [(row.row, row.adds) for row in explained.rows() if row.part == "numerator"])

    # Verdicts of every document that binds this city (none here), and the report as data.
    print({judgement.verdict for _, judgement in lms.judge(as_of=dt.date(2022, 12, 31))})
    report = json.loads(lms.report(folder / "report.json", "2022").read_text(encoding="utf-8"))
    print("report:", sorted(report)[:3], "recount differs:", lms.recount(check=True))


def main(folder: Path) -> None:
    """Open the LMS on a connection of the host's own, write, read."""
    # The host's own connection. Foreign keys must be on; a transaction that is open is used, never committed.
    connection = sqlite3.connect(folder / "platform.db")
    connection.execute("PRAGMA foreign_keys=ON")
    lms = commlms.LMS(connection=connection, actor=commlms.Actor("平台"), today=dt.date(2023, 1, 10))
    set_up(lms)
    write(lms, connection, folder)
    read(lms, folder)
    lms.close()
    connection.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch))
