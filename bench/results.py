"""The table: one row per measured work, its goal, and whether it is met or by how much it is missed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import attrs

from bench.measured import Spent

NOTES = Path(__file__).with_name("notes.toml")
HEADER = "| work | ours | floor or peer | figure | goal | |\n|---|---|---|---|---|---|"
Clock = Literal["seconds", "cpu"]


@attrs.frozen
class Goal:
    """A bound on a figure: at most or at least ``bound`` of a unit."""

    bound: float
    unit: str = "x"
    least: bool = False

    def missed_by(self, value: float) -> float:
        """How far the value is on the wrong side, as a share of the bound; 0 where the goal is met."""
        over = (self.bound - value if self.least else value - self.bound) / self.bound
        return max(over, 0.0)

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.bound:g} {self.unit}"


def at_most(bound: float, unit: str = "x") -> Goal:
    """A ratio to the floor, or an amount, that may not be larger."""
    return Goal(bound, unit)


def at_least(bound: float, unit: str = "x") -> Goal:
    """How many times faster than the peer, or an amount, that may not be smaller."""
    return Goal(bound, unit, least=True)


@attrs.frozen
class Row:
    """One line of the table. ``key`` names it in ``notes.toml``; without a goal it is information."""

    key: str
    work: str
    ours: str
    floor: str = ""
    value: float | None = None
    shown: str = ""
    goal: Goal | None = None

    @property
    def missed(self) -> float:
        """By what share of the goal it is missed; 0 where it is met or there is none."""
        return self.goal.missed_by(self.value) if self.goal and self.value is not None else 0.0

    def line(self, why: str) -> str:
        """The row as Markdown, with the reason for a miss."""
        verdict = "" if self.goal is None else "met"
        if self.goal is not None and self.value is None:
            verdict = "not measured"
        elif self.missed:
            verdict = f"missed by {self.missed:.0%}" + (f": {why}" if why else "")
        goal = "" if self.goal is None else str(self.goal)
        return f"| {self.work} | {self.ours} | {self.floor} | {self.shown} | {goal} | {verdict} |"


def duration(seconds: float) -> str:
    """Seconds with three figures, in the unit that reads best."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s" if seconds < 1000 else f"{seconds:.0f} s"


def spent(measured: Spent) -> str:
    """What a process took: wall and processor time."""
    return f"{duration(measured.seconds)} (cpu {duration(measured.cpu)})"


def compare(key: str, work: str, ours: Spent, floor: Spent, goal: Goal, clock: Clock = "cpu", *, bound: bool = False) -> Row:
    """A row that puts ours beside the floor. The goal is judged on ``clock``; the other one stands in brackets.

    With ``bound`` the floor was stopped early: it would have taken longer.
    """
    other: Clock = "seconds" if clock == "cpu" else "cpu"
    ratios = [getattr(floor, c) / getattr(ours, c) if goal.least else getattr(ours, c) / getattr(floor, c) for c in (clock, other)]
    word = "x faster" if goal.least else "x"
    sign = "> " if bound else ""
    shown = f"{sign}{ratios[0]:.3g} {word} ({'wall' if other == 'seconds' else 'cpu'} {ratios[1]:.3g})"
    return Row(key, work, spent(ours), f"{sign}{spent(floor)}", ratios[0], shown, goal)


def amount(key: str, work: str, value: float, goal: Goal, took: str = "") -> Row:
    """A row about an amount with a unit, not a ratio."""
    return Row(key, work, took or f"{value:.0f} {goal.unit}", "", value, f"{value:.0f} {goal.unit}", goal)


def reasons(path: Path = NOTES) -> dict[str, str]:
    """Why a goal is missed, by the row's key."""
    with path.open("rb") as file:
        found: dict[str, str] = tomllib.load(file).get("why", {})
    return found


def table(rows: Iterable[Row], why: dict[str, str]) -> str:
    """The rows as a Markdown table."""
    return "\n".join([HEADER, *(row.line(why.get(row.key, "")) for row in rows)])
