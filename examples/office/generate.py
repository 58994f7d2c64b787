"""Write what an office needs to begin with, and the sixty files that its townships send for a year.

Run: ``python examples/office/generate.py DIR [--seed N]``. DIR/basis holds the tables to import first, DIR/files what the
townships sent, DIR/facts.json what was put into it, DIR/manifest.json what must come of it. One seed always gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import oracle
from paper import places
from paper.desk import YEAR
from paper.folder import File, Folder, folder

#: The lines of README.md between which the table of faults stands.
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


def _table(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split())
        out.writerows(rows)


def basis(made: Folder, out: Path) -> None:
    """The tables that the office has before anything is sent: places, schools, a roster."""
    out.mkdir(parents=True, exist_ok=True)
    rows = places.rows()
    _table(out / "1-place.csv", " ".join(rows[0]), (row.values() for row in rows))
    _table(out / "2-institution.csv", "机构编号 机构名称 所在地 机构类型 依托单位 成立日期", places.institutions())
    people = [[p.code, p.name, p.sex, p.born.isoformat(), p.card, p.home] for p in made.roster.everybody]
    _table(out / "3-learner.csv", "学员编号 姓名 性别 出生日期 身份证号 居住地", people)


def facts(made: Folder) -> dict[str, Any]:
    """What was put in, as JSON."""
    known = [
        {"name": p.name, "sex": p.sex, "code": p.code, "card": p.card, "born": p.born.isoformat(), "home": p.home}
        for p in made.roster.everybody
    ]
    named = {row["代码"]: {"name": row["名称"], "parent": row["上级代码"]} for row in places.rows()}
    return {"year": str(YEAR), "known": known, "places": named, "files": [_file(file) for file in made.files]}


def _file(file: File) -> dict[str, Any]:
    told = [asdict(sheet) for sheet in file.told]
    return {"file": file.name, "fate": file.fate, "why": file.why, "turn": file.turn, "shows": list(file.shows), "sheets": told}


def generate(out: Path, seed: int = YEAR) -> dict[str, Any]:
    """Write everything below ``out``; gives the manifest."""
    made = folder(seed)
    basis(made, out / "basis")
    for file in made.files:
        file.write(out / "files")
    put_in = facts(made)
    _json(out / "facts.json", put_in)
    manifest = oracle.expected(put_in)
    _json(out / "manifest.json", manifest)
    return manifest


def _json(path: Path, what: object) -> None:
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def faults(made: Folder) -> str:
    """The table of README.md: what the folder shows, in how many files, and the first of them."""
    shown: dict[str, list[str]] = {}
    for file in made.files:
        for word in file.shows:
            shown.setdefault(word, []).append(file.name)
    lines = [f"| {word} | {len(names)} | {names[0]} |" for word, names in sorted(shown.items())]
    return "\n".join([BEGIN, "| what | files | such as |", "|---|---|---|", *lines, END])


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description="写出六十个虚构的报送文件 / write sixty invented files")
    parser.add_argument("out", type=Path, nargs="?", help="输出目录 / where the files go")
    parser.add_argument("--faults", action="store_true", help="只列出文件夹里有什么 / only list what the folder shows")
    parser.add_argument("--seed", type=int, default=YEAR, help="随机种子 / seed")
    chosen = parser.parse_args()
    if chosen.faults or not chosen.out:
        print(faults(folder(chosen.seed)))
        return
    manifest = generate(chosen.out, chosen.seed)
    print(f"{len(manifest['files'])} 个文件 / files → {chosen.out / 'files'}")


if __name__ == "__main__":
    main()
