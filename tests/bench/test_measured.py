"""What a process took is its own: not its caller's memory, and not another's turn."""

import sys

import pytest

from bench.child import Clock
from bench.measured import BenchFailed, Spent, alternate, call, run

_MIB = 1 << 20


def hold(_: Clock, mib: int) -> int:
    """Holds so much memory."""
    return len(bytearray(mib * _MIB))


def test_peak_memory_is_that_of_the_measured_process_alone() -> None:
    """The caller holds 300 MiB; a child that does nothing is seen without them, one that holds 100 with these."""
    held = bytearray(300 * _MIB)
    nothing = run([sys.executable, "-c", "pass"])
    something = run([sys.executable, "-c", f"bytearray({100 * _MIB})"])
    assert len(held) > nothing.peak * _MIB
    assert 90 < something.peak - nothing.peak < 130


def test_without_a_clock_the_whole_process_is_measured() -> None:
    assert call(hold, 50).result == 50 * _MIB
    assert call(hold, 50).peak > 50


def test_a_command_that_fails_fails_the_bench_with_what_it_said() -> None:
    with pytest.raises(BenchFailed, match=r"ended with 3[\s\S]*no such city"):
        run([sys.executable, "-c", "import sys; sys.exit(print('no such city', file=sys.stderr) or 3)"])


def test_works_are_run_in_turn_and_their_medians_given() -> None:
    order = []

    def work(name: str, *seconds: float) -> Spent:
        order.append(name)
        n = order.count(name) - 1
        return Spent(seconds[n], seconds[n] * 2, peak=n, result=n)

    ours, floor = alternate(3, lambda _: work("ours", 5, 1, 3), lambda _: work("floor", 1, 1, 9))
    assert order == ["ours", "floor"] * 3
    assert (ours.seconds, ours.cpu, ours.peak, ours.result) == (3, 6, 2, 2)
    assert floor.seconds == 1
