"""``python -m bench``: measures every case at every scale, counts again whatever was written, writes the table."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import attrs

from bench.cases import CASES, ONCE
from bench.city import TODAY, City
from bench.machine import described
from bench.measured import ROOT, BenchFailed, commlms, run
from bench.results import Row, reasons, table
from bench.scales import SCALES, Scale
from commlms import OfficeKey

RESULTS = Path(__file__).with_name("RESULTS.md")


@attrs.frozen
class Section:
    """The rows of one scale, or of what needs no city."""

    title: str
    rows: list[Row]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line asks, write the results and print them. Exit status 1 if anything is wrong, not slow."""
    options = _options().parse_args(arguments)
    scales = [SCALES[name] for name in options.scale or SCALES]
    started = time.monotonic()
    try:
        options.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=options.work, prefix="bench-") as work:
            sections = measure(scales, Path(work), options.only)
    except BenchFailed as why:
        print(f"the bench failed: {why}", file=sys.stderr)
        return 1
    text = page(sections, time.monotonic() - started)
    whole = not (options.scale or options.only)
    if out := options.out or (RESULTS if whole else None):
        out.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", action="append", choices=SCALES, help="one scale; may be repeated; all if not given")
    parser.add_argument("--only", action="append", choices=[_name(c) for c in (*CASES, *ONCE)], help="one case; may be repeated")
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="the folder in which the cities are made, on the disk to measure")
    parser.add_argument(
        "--out", type=Path, help="where the table is written; bench/RESULTS.md for a whole run, nowhere for a part",
    )
    return parser


def measure(scales: Iterable[Scale], work: Path, only: Sequence[str] | None = None) -> list[Section]:
    """Every case at every scale, smaller cities first, in the folder ``work``. Raises :class:`BenchFailed` if anything is wrong."""
    work.chmod(0o755)  # the server that is a peer runs as another user
    os.environ |= {"COMMLMS_KEY_FILE": str(work / "office.key"), "COMMLMS_TODAY": TODAY.isoformat(), "COMMLMS_LANG": "en"}
    OfficeKey().new()
    sections = [Section("Without a city", [row for case in _chosen(ONCE, only) for row in case.rows()])]
    city, cases = None, _chosen(CASES, only)
    for scale in scales if cases else ():
        city = City(scale, work / scale.name, smaller=city)
        _say(f"{scale.name}: the city is made")
        sections.append(Section(scale.title, list(_measured(city, cases))))
        _count_again(city)
        shutil.rmtree(city.folder)
    return [s for s in sections if s.rows]


def _chosen(cases: Iterable[ModuleType], only: Sequence[str] | None) -> list[ModuleType]:
    return [case for case in cases if only is None or _name(case) in only]


def _name(case: ModuleType) -> str:
    return case.__name__.rpartition(".")[2]


def _measured(city: City, cases: Iterable[ModuleType]) -> Iterator[Row]:
    for case in cases:
        started = time.monotonic()
        for row in case.rows(city):
            _say(f"  {row.work}: {row.ours}; {row.floor}; {row.shown}")
            yield row
        _say(f"{city.scale.name}: {_name(case)}, {time.monotonic() - started:.0f} s")


def _count_again(city: City) -> None:
    """``recount --check`` of every database that a case wrote, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(run, commlms("--db", path, "recount", "--check")) for path in city.written]:
            done.result()
    _say(f"{city.scale.name}: {len(city.written)} databases counted again, no difference")


def page(sections: Iterable[Section], seconds: float) -> str:
    """The whole page of results."""
    why = reasons()
    tables = "\n\n".join(f"## {s.title}\n\n{table(s.rows, why)}" for s in sections)
    return f"{described(seconds)}\n\n{tables}\n"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
