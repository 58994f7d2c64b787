"""Runs one function in a process of its own: ``python -m bench.child MODULE FUNCTION ARGUMENTS-AS-JSON``."""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Self


class Clock:
    """Times the part of a function that is the work: ``with clock: ...``. Several parts add up."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def __enter__(self) -> Self:
        self._started = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        started, used = self._started
        self.seconds += time.perf_counter() - started
        self.cpu += time.process_time() - used


def main() -> None:
    """Call the function with a clock and its arguments; say on stdout what it gave and what the clock showed."""
    module, name, arguments = sys.argv[1:]
    clock = Clock()
    result = getattr(importlib.import_module(module), name)(clock, *json.loads(arguments))
    json.dump({"result": result, "seconds": clock.seconds, "cpu": clock.cpu}, sys.stdout)


if __name__ == "__main__":
    main()
