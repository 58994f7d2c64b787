"""The main job from end to end: real places, invented spreadsheets, one judged report.

Run: ``python examples/panzhihua/demo.py DIR``. DIR is made afresh; every command is printed before it runs and can be
typed in by hand. The database is marked as invented and has an office key of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from generate import generate

HERE = Path(__file__).resolve().parent
YEAR, AS_OF, TARGET = "2022", "2022-12-31", "pzh-participation-2022"
REAL = (
    ("place", "places.csv"), ("residents", "residents.csv"), ("institution", "institutions.csv"),
    ("course", "courses.csv"),
)
#: A file that says that a folder was made by this script.
MARK = "demo-folder.txt"
#: What commands end with: all well, and an import of which some rows were rejected.
DONE, REJECTED = 0, 3


class Office:
    """One folder with a database, and the command line that works on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, folder / "city.db"
        self.environment = {**os.environ, "COMMLMS_KEY_FILE": str(folder / "office.key"), "PYTHONIOENCODING": "utf-8"}

    def run(self, *arguments: str, ends: Sequence[int] = (DONE,)) -> None:
        """Print a command and run it; any end but those of ``ends`` stops the demo."""
        print(f"\n$ commlms --db {self._short(self.database)} {shlex.join(map(self._short, arguments))}", flush=True)
        status = subprocess.run(self._command(arguments), env=self.environment, check=False).returncode
        if status not in ends:
            sys.exit(f"命令以 {status} 结束 / the command ended with status {status}")

    def ask(self, *arguments: str) -> str:
        """The output of a command that only reads; it is not printed."""
        done = subprocess.run(self._command(arguments), env=self.environment, check=True, capture_output=True)
        return done.stdout.decode("utf-8")

    def load(self, record: str, file: Path, under: str = "") -> None:
        """Import one file; rows that are rejected go to a workbook of the same name."""
        rejects = self.folder / "rejects" / f"{file.stem}.xlsx"
        options = ("--under", under) if under else ()
        self.run("import", record, str(file), *options, "--rejects", str(rejects), ends=(DONE, REJECTED))

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "commlms", "--db", str(self.database), *arguments]

    def _short(self, argument: object) -> str:
        """A path below the working folder without it: what one would type."""
        text = str(argument)
        return text.removeprefix(f"{Path.cwd()}{os.sep}")


def make_afresh(folder: Path) -> None:
    """Empty the folder of an earlier run; a folder with anything else in it is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            sys.exit(f"{folder} 不是演示目录，未清空 / is not the folder of an earlier run; nothing was removed")
        shutil.rmtree(folder)
    (folder / "rejects").mkdir(parents=True)
    (folder / MARK).write_text("演示目录，可整个删除 / a demo folder, safe to delete\n", encoding="utf-8")


def load_everything(office: Office, manifest: list[dict[str, object]]) -> None:
    """The database, its key, the real input, then every file of the offices."""
    office.run("init", "--invented")
    office.run("key", "new")
    for record, name in REAL:
        office.load(record, HERE / name)
    for entry in manifest:
        office.load(str(entry["record"]), office.folder / "inputs" / str(entry["file"]), str(entry["under"]))


def show_everything(office: Office) -> list[Path]:
    """Figures, verdicts and the report in three forms; the paths of the latter."""
    office.run("metrics", "--period", YEAR, "--level", "county")
    office.run("judge", "--as-of", AS_OF)
    reports = [office.folder / f"report{ending}" for ending in (".html", ".xlsx", ".json")]
    for report in reports:
        office.run("report", str(report), "--period", YEAR)
    return reports


def summary(office: Office) -> list[tuple[str, str]]:
    """What came of it: rows over all imports, and the verdict on the city with the integers it rests on."""
    listed = office.ask("imports", "--limit", "10000", "--format", "jsonl")
    imports = [json.loads(line) for line in listed.splitlines()]
    judged = json.loads(office.ask("judge", "--as-of", AS_OF, "--format", "json"))
    city = next(j for j in judged if j["target"] == TARGET)

    def rows(*names: str) -> str:
        return f"{sum(entry[name] for entry in imports for name in names):,}"

    def percent(persons: int) -> str:
        tenths = persons * 1000 // city["denominator"]
        return f"{persons:,}（{tenths // 10}.{tenths % 10} %）"

    return [
        ("文件 / files", f"{len(imports):,}"),
        ("读入行 / rows read", rows("read")),
        ("新增行 / rows new", rows("new")),
        ("拒绝或待定行 / rows rejected or held", rows("rejected", "held")),
        ("常住人口 / residents", f"{city['denominator']:,}"),
        ("具名参与人数（已证实）/ persons named (proven)", percent(city["numerator"])),
        ("参与人数上限 / ceiling", percent(city["ceiling"])),
        ("没有任何活动的村（社区）/ villages without any session", f"{city['silent_places']:,}"),
        (f"判定 / verdict: {city['zh']} {city['compare']} {city['value']}%",
         f"{city['verdict_zh']} / {city['verdict']}"),
    ]


def print_table(rows: list[tuple[str, str]]) -> None:
    """Two columns; Chinese characters take two places on a terminal."""
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    widest = max(width(label) for label, _ in rows)
    for label, value in rows:
        print(f"  {label}{' ' * (widest - width(label))}  {value}")


def main() -> None:
    """Read the command line and do it all."""
    parser = argparse.ArgumentParser(description="攀枝花示例演示 / the Panzhihua demo")
    parser.add_argument("folder", type=Path, help="演示目录，每次清空 / folder of the demo, made afresh")
    parser.add_argument("--scale", type=float, default=1.0, help="规模，1 为全市 / size, 1 is the whole city")
    chosen = parser.parse_args()
    began = time.monotonic()
    folder = chosen.folder.resolve()
    make_afresh(folder)
    print(f"$ python examples/panzhihua/generate.py {chosen.folder} --scale {chosen.scale:g}", flush=True)
    manifest = generate(folder, chosen.scale)
    office = Office(folder)
    load_everything(office, manifest)
    reports = show_everything(office)
    print("\n演示数据，非真实统计 / invented data, no real statistics\n")
    print_table(summary(office))
    print(f"\n用时 / took {time.monotonic() - began:.0f} s\n")
    for report in reports:
        print(report)


if __name__ == "__main__":
    main()
