"""Write the invented files of the Panzhihua example.

Run: ``python examples/panzhihua/generate.py OUT [--scale 1.0] [--seed 2022]``. The files go to OUT/inputs, together
with manifest.json, which says what they hold, in the order of import, and which lines are wrong and why.
All people and activities are invented; one seed always gives the same content.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from invented.activities import Activities, Themes
from invented.city import City
from invented.ledger import Ledger
from invented.ledgers import LedgerFiles
from invented.people import People
from invented.plan import Plan
from invented.programmes import ProgrammeFiles
from invented.rosters import PeopleFiles
from invented.sheets import Sheet
from invented.signins import SignIns


def sheets(plan: Plan) -> list[Sheet]:
    """Every file of the example in the order of import; files that would be empty are left out."""
    city = City(plan.learners, Random(f"{plan.seed}:city"))
    people = People(plan, city)
    activities = Activities(plan, city, people, Themes())
    ledger = Ledger(plan, city, activities)
    about_people = PeopleFiles(plan.seed, city, people)
    programmes = ProgrammeFiles(plan.seed, city, activities)
    made = [
        *about_people.rosters(), about_people.standings(), programmes.offerings(), *programmes.sessions(),
        *SignIns(plan.seed, people, activities).sheets(), *LedgerFiles(plan.seed, city, ledger).sheets(),
        about_people.moves(), about_people.late(),
    ]
    return [sheet for sheet in made if sheet.lines]


def generate(out: Path, scale: float = 1.0, seed: int = 2022) -> list[dict[str, object]]:
    """Write the files and the manifest below ``out``; the manifest's entries are returned."""
    folder = out / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = []
    for number, sheet in enumerate(sheets(Plan.at(scale, seed)), start=1):
        sheet.file = f"{number:02d}-{sheet.file}"
        sheet.write(folder)
        manifest.append(sheet.entry())
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return manifest


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="写出攀枝花示例的虚构数据 / write the invented files")
    parser.add_argument("out", type=Path, help="输出目录 / where the files go")
    parser.add_argument("--scale", type=float, default=1.0, help="规模，1 为全市 / size, 1 is the whole city")
    parser.add_argument("--seed", type=int, default=2022, help="随机种子 / seed")
    chosen = parser.parse_args()
    manifest = generate(chosen.out, chosen.scale, chosen.seed)
    print(f"{len(manifest)} 个文件 / files → {chosen.out / 'inputs'}")


if __name__ == "__main__":
    main()
