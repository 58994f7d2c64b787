"""Every field of the bundled packs is read: each value changed or taken out alone changes an output or fails the check."""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import commlms
from commlms import Host, PolicyError, policy_from_toml
from commlms.cli.documents import Reader
from commlms.core.pack_checks import check_against
from commlms.core.pack_tables import TABLES
from commlms.core.packs import Pack
from commlms.core.policies import Policy, document_of, policy_data
from commlms.core.registry import Registry
from commlms.report.gather import gather

PACKS = sorted((Path(__file__).parents[2] / "plugins" / "policies" / "commlms_policies" / "packs").glob("*.toml"))
DATA = {p.stem: tomllib.loads(p.read_text(encoding="utf-8"), parse_float=Decimal) for p in PACKS}
TODAY = dt.date(2023, 6, 1)
Path_ = tuple[str | int, ...]
#: In the place of a value that is taken out.
OUT = object()


def toml(value: Any) -> str:
    """A value as TOML writes it inline. A text in JSON's quotes is one in TOML's."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def written(data: dict[str, Any]) -> str:
    """A pack as text."""
    lines = []
    for table, content in data.items():
        for one in content if isinstance(content, list) else [content]:
            lines += [f"[[{table}]]" if isinstance(content, list) else f"[{table}]", *(f"{k} = {toml(v)}" for k, v in one.items())]
    return "\n".join(lines) + "\n"


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value in a pack with the way to it; lists also as a whole."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    if len(path) > 2 and value != []:
        yield path, value


def at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


def field_of(path: Path_) -> tuple[str, ...]:
    """``target.scope.level``: a way without its numbers."""
    return tuple(x for x in path if isinstance(x, str))


#: What each field holds anywhere in the bundled packs: a value of the right kind to put in the place of another.
IN_USE: dict[tuple[str, ...], list[Any]] = {}
for _data in DATA.values():
    for _path, _value in leaves({k: v if isinstance(v, list) else [v] for k, v in _data.items()}):
        _found = IN_USE.setdefault(field_of(_path), [])
        if len(_found) < 6 and _value not in _found:
            _found.append(_value)


def other_values(path: Path_, value: Any) -> Iterator[Any]:
    """Values to put in a field's place: of the same type, and one that another pack has there."""
    if isinstance(value, str):
        yield value + "改"
    elif isinstance(value, dt.date):
        yield value + dt.timedelta(days=1)
        yield value - dt.timedelta(days=1)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, list):
        yield []
        yield [*value, value[0]]
    yield from (x for x in IN_USE[field_of(path)] if x != value and type(x) is type(value))


def changed(row: dict[str, Any], table: str, done: Collection[tuple[str, ...]] = ()) -> Iterator[tuple[Path_, str, dict[str, Any]]]:
    """One table with one thing changed, over and over; fields of ``done``, which may grow meanwhile, are passed over."""
    for path, value in leaves({table: [row]}):
        *way, last = path
        for new in (*other_values(path, value), OUT):
            if field_of(path) in done:
                break
            made = copy.deepcopy(row)
            holder = at({table: [made]}, tuple(way))
            if new is OUT:
                del holder[last]
            else:
                holder[last] = new
            yield path, f"{value!r} -> {new!r}", made


def lists(data: dict[str, Any]) -> dict[str, Any]:
    """Every table in a list, so that a way to a value always has the same form."""
    return {k: v if isinstance(v, list) else [v] for k, v in data.items()}


def unlisted(data: dict[str, Any]) -> dict[str, Any]:
    return {k: v[0] if k == "policy" else v for k, v in data.items()}


class Tables(Pack):
    """A few tables as a pack, without a file."""

    def __init__(self, **tables: Any) -> None:
        self.file, self.text, self.known, self.partial = "one.toml", "", TABLES, frozenset()
        self.data = tables


def alone(head: dict[str, Any], table: str, row: dict[str, Any]) -> Policy | None:
    """A document of this one table; None where its form refuses it."""
    try:
        return document_of(Tables(policy=row) if table == "policy" else Tables(policy=head, **{table: [row]}))
    except PolicyError:
        return None


def printed_of(policy: Policy, registry: Registry) -> list[str]:
    """What ``policies show`` says, in both languages."""
    return [*Reader(policy, "zh", registry).lines(), *Reader(policy, "en", registry).lines()]


#: Where a value is what it would be if it were not there: an order that is the place it has anyway.
AS_WITHOUT = ("level", "order")
#: Read, but no line of its own: an order puts the levels into their places.
NOT_PRINTED = {("level", "order"), ("level", "network")}


@pytest.mark.parametrize("name", DATA)
def test_each_value_of_each_table_is_listed_and_printed_or_refused(name: str) -> None:
    """Every value of every pack, changed or taken out alone: the form refuses it, or JSON and ``policies show`` say something else."""
    data, registry = lists(DATA[name]), Host().registry
    (head,) = data["policy"]
    unread, seen, printed = [], set(), set()
    for table, rows in data.items():
        for row in rows:
            before = alone(head, table, row)
            assert before is not None
            listed, shown = policy_data(before), printed_of(before, registry)
            for path, how, made in changed(row, table):
                field = field_of(path)
                if field == AS_WITHOUT and how.endswith(f"{OUT!r}"):
                    continue
                other = alone(head, table, made)
                if other is None:
                    continue
                seen.add(field)
                if policy_data(other) == listed:
                    unread.append((table, path, how))
                if printed_of(other, registry) != shown:
                    printed.add(field)
                elif field not in NOT_PRINTED:
                    unread.append((table, path, f"{how} (not printed)"))
    assert unread == []
    assert seen - printed <= NOT_PRINTED


def territory(lms: commlms.LMS) -> None:
    """The places that the documents bind, with residents of every group they name, and a few rows that their demands judge."""
    regions = [c for r in DATA["guangdong-2016"]["region"] for c in r["places"]]
    places = [
        ("44", "province", "", ""), *((c, "city", "44", "") for c in regions), ("440103", "county", "4401", ""),
        ("440104", "county", "4401", ""), ("5104", "city", "", ""), ("510402", "county", "5104", ""), ("510403", "county", "5104", "zone"),
        ("500101", "county", "", ""), ("330105", "county", "", ""), ("330105001", "township", "330105", "street"),
        ("440103001", "township", "440103", "street"), ("440103002", "township", "440103", "town"),
        *((f"5001010{n}1", "township", "500101", k) for n, k in enumerate(("street", "town", "township"))),
    ]
    lms.add([{"code": c, "name": f"地{c}", "level": lv, "parent": p, "kind": k} for c, lv, p, k in places], "place")
    lms.add([
        {"place": c, "on": "2010-11-01", "basis": "permanent", "group": g, "persons": 50_000, "nature": "census"}
        for c, *_ in places for g in ("all", "employed", "minors")
    ], "residents")
    lms.add([{"code": "J1", "name": "街道学校", "place": "330105001", "kind": "school"}], "institution")
    lms.add({"institution": "J1", "role": "teacher", "employment": "full_time", "since": "2020-01-01"}, "staffing.post")
    lms.add({
        "place": "440103", "organisation": "甲厂", "kind": "enterprise", "period": "2023", "wages": 100, "training": 5,
    }, "funding.payroll")
    lms.add({"place": "440103", "kind": "assessment", "period": "2023", "issued": "2023-05-01"}, "supervision.paper")
    lms.add({"place": "440103", "kind": "experimental", "rank": "province", "state": "held", "since": "2011-01-01"}, "recognition.status")


def verdicts(lms: commlms.LMS, policy: Policy) -> list[Any]:
    """The judgements when this is the only document."""
    lms.registry.policies.clear()
    lms.registry.policies[policy.key] = policy
    return [j for _, j in lms.judge(as_of=TODAY)]


def reported(lms: commlms.LMS) -> Any:
    """What the report says of the document judged last."""
    content = gather(lms, "2023", None, TODAY)
    return content.documents, content.left_out


def read(lms: commlms.LMS, file: Path, data: dict[str, Any]) -> Policy | None:
    """The pack as written to a file and checked; None where the check refuses it."""
    file.write_text(written(unlisted(data)), encoding="utf-8")
    try:
        policy = policy_from_toml(file)
        check_against(policy, lms.registry.metrics, lms.host.names | {"core"})
    except PolicyError:
        return None
    return policy


#: Tables that judge, or that the report shows: all but what else a document names.
SAID = tuple(t for t in TABLES if t != "provision")
#: Not in the verdicts or the report of these packs here, but in ``policies --format json`` and ``policies show``. Names: a document's for
#: commands, a region's for its targets. The tree, where every place reports to its parent. A duty's first year, long past. The words that
#: a comparison was read from (``explain`` prints them).
ONLY_LISTED = {
    ("policy", "code"), ("region", "key"), ("policy", "tree"), ("target", "start"), ("target", "literal"),
}
#: So many changes of a field are tried at the most.
TRIES = 60


def test_each_field_that_judges_changes_a_verdict_or_the_report(tmp_path: Path) -> None:
    """Of each field of the tables that judge, a value changed alone in a whole pack, and accepted, changes what is said."""
    tried: Counter[tuple[str, ...]] = Counter()
    said = set(ONLY_LISTED)
    done = said.copy()
    with commlms.LMS(lang="en", today=TODAY) as lms:
        territory(lms)
        for data in map(lists, DATA.values()):
            policy = read(lms, tmp_path / "pack.toml", data)
            assert policy is not None
            before, told = verdicts(lms, policy), reported(lms)
            for table in SAID:
                for i, row in enumerate(data.get(table, [])):
                    for path, _, made in changed(row, table, done):
                        rows = [made if k == i else x for k, x in enumerate(data[table])]
                        other = read(lms, tmp_path / "pack.toml", {**data, table: rows})
                        if other is None:
                            continue
                        field = field_of(path)
                        tried[field] += 1
                        if verdicts(lms, other) != before or reported(lms) != told:
                            said.add(field)
                        if field in said or tried[field] == TRIES:
                            done.add(field)
    assert len(tried) > 60
    assert set(tried) - said == set()
