"""The five packs against the reading of the five documents in ``spec/``: nothing left out, nothing changed, every quote in place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import commlms

HERE = Path(__file__).parent
PLUGINS = HERE.parents[1] / "plugins"
Table = dict[str, Any]


def read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


IND, NET, CUR = (read(HERE / "spec" / f"{name}.toml") for name in ("indicators", "networks", "curricula"))
TEXTS = {p.name[:3]: p.read_text(encoding="utf-8") for p in sorted((HERE / "spec" / "documents").glob("*.txt"))}
PACKS = {pack["policy"]["id"]: pack for p in (PLUGINS / "policies" / "commlms_policies" / "packs").glob("*.toml") if (pack := read(p))}
CURRICULA = [read(p) for p in PLUGINS.glob("*/commlms_*/**/*.toml") if p.parent.name == "curricula" or p.name == "curriculum.toml"]
UNITS = {
    "percent": "percent", "CNY per person per year": "yuan/person", "CNY per person": "yuan/person", "square metres": "square_metre",
    "per 10000 persons": "per_10000", "years": "years", "undefined": "undefined",
}
PROVISIONS = [k for k in CUR if k not in ("schema", "population", "category")]


def of(doc: str, rows: list[Table]) -> list[Table]:
    return [x for x in rows if x["doc"] == doc]


def held(doc: str, table: str) -> dict[str, Table]:
    """A pack's tables by id; provisions by kind and id."""
    return {(f"{x['kind']} {x['id']}" if table == "provision" else x["id"]): x for x in PACKS[doc].get(table, ())}


def both(table: str, rows: list[Table]) -> Iterator[tuple[Table, Table]]:
    """Each entry of the specification with the pack's; fails for what only one of them has."""
    for doc in PACKS:
        found, asked = held(doc, table), of(doc, rows)
        assert list(found) == [x["id"] for x in asked], (doc, table)
        yield from ((x, found[x["id"]]) for x in asked)


CHINESE = re.compile("[一-鿿]")


def agree(mine: Any, theirs: Any, key: str = "") -> bool:
    """Whether two values are the same. Where an English gloss of the specification quotes Chinese, the pack's says it in English."""
    if isinstance(mine, list):
        return isinstance(theirs, list) and len(mine) == len(theirs) and all(map(agree, mine, theirs))
    if isinstance(mine, dict):
        return mine.keys() == theirs.keys() and all(agree(mine[k], theirs[k], k) for k in mine)
    if key == "en" and CHINESE.search(mine):
        return theirs.split(" ")[0] == mine.split(" ")[0] or CHINESE.match(mine) is not None
    return bool(mine == theirs)


def same(one: Table, other: Table, *keys: str | tuple[str, str]) -> None:
    """Whether the pack says what the specification says; a pair names the key of each."""
    for key in keys:
        mine, theirs = (key, key) if isinstance(key, str) else key
        assert agree(one.get(mine), other.get(theirs), mine), (one["id"], mine, one.get(mine), other.get(theirs))


def levels_of(words: str | list[str]) -> list[str]:
    """Levels as the packs write them."""
    other = {"city and county": ["city", "county"], "municipality": ["province"]}
    listed = [words] if isinstance(words, str) else words
    return list(dict.fromkeys(y for x in listed for y in other.get(x, [x])))


def test_every_indicator_stands_in_the_pack_of_its_document_as_it_was_read() -> None:
    """All 58: number, comparison, its literal word, unit, force, day, what it is nested in, quote, gloss and catalogue numbers."""
    count = 0
    for indicator, target in both("target", IND["indicator"]):
        count += 1
        same(indicator, target, ("comparator", "compare"), "literal", "value", "value_max", "force", "quote", "gloss", "req", "nested_in")
        same(indicator, target, ("basis", "reading"))
        assert target["unit"] == UNITS.get(indicator["unit"], "count"), indicator["id"]
        if "due_date" in indicator:
            same(indicator, target, ("due_date", "due"))
        assert getattr(target.get("due"), "year", None) == indicator.get("year_due"), indicator["id"]
        assert getattr(target.get("start"), "year", None) == indicator.get("start_year") or indicator["id"] == "pzh-naming-interval"
        assert (target.get("every") == "year") == (not indicator.get("year_due") and "standing" not in target), indicator["id"]
    assert count == 58


@pytest.mark.parametrize("key", ["wz-331-goal", "gs-1050-project"])
def test_a_number_that_the_document_does_not_explain_has_no_metric_and_says_so(key: str) -> None:
    target = next(t for pack in PACKS.values() for t in pack["target"] if t["id"] == key)
    assert ("metric" in target, target["unit"]) == (False, "undefined")
    assert "没有说明" in target["note"]["zh"]


def test_every_condition_of_an_indicator_is_a_condition_of_its_target_and_no_other() -> None:
    found = {t["id"] for pack in PACKS.values() for t in pack["target"] if t.get("when")}
    assert found == {x["id"] for x in IND["indicator"] if "condition" in x}


def test_regions_of_indicators_are_regions_or_kinds_of_their_targets() -> None:
    """珠三角 and 粤东西北 are regions; the three classes of Wanzhou are kinds of place."""
    regions = {"prd": "prd", "ewn": "ewn"}
    kinds = {"wanzhou_street": "street", "wanzhou_town": "town", "wanzhou_township": "township"}
    for indicator, target in both("target", IND["indicator"]):
        assert target["scope"].get("region") == regions.get(indicator["region"]), indicator["id"]
        assert target["scope"].get("kind") == kinds.get(indicator["region"]), indicator["id"]
    assert {r["key"] for pack in PACKS.values() for r in pack.get("region", ())} == set(regions)
    assert [len(r["places"]) for r in PACKS["000"]["region"]] == [9, 12]


def test_every_goal_without_a_number_stands_in_its_pack_and_has_none() -> None:
    """All 20; what is shown beside one is a figure or an assessor's finding, never a threshold."""
    count = 0
    for qualitative, goal in both("goal", IND["qualitative"]):
        count += 1
        same(qualitative, goal, "quote", "gloss", "req")
        if "due_date" in qualitative:
            same(qualitative, goal, ("due_date", "due"))
        assert getattr(goal.get("due"), "year", None) == qualitative.get("year_due"), qualitative["id"]
        assert goal.get("metrics") or goal.get("assessed"), qualitative["id"]
        assert not {"value", "compare", "unit"} & set(goal)
    assert count == 20


def test_every_schedule_stands_in_its_pack_with_its_times() -> None:
    count = 0
    cadences = {"weekly": "weekly", "twice": "twice_yearly", "yearly": "yearly", "every": "two_years", "once": "once"}
    for spec, schedule in both("schedule", IND["schedule"]):
        count += 1
        same(spec, schedule, "quote", "gloss", "req", "weekdays", "deadline", "min_count", "events")
        assert schedule["cadence"] == cadences.get(re.split(r"\W", spec["cadence"])[0], "regular"), spec["id"]
        assert schedule.get("not_before") == (spec["not_before"].strftime("%H:%M") if "not_before" in spec else None)
        start = schedule.get("start")
        assert start == spec["from"] if "from" in spec else getattr(start, "year", None) == spec.get("start_year"), spec["id"]
    assert count == 19


def test_every_contradiction_stands_once_in_the_pack_of_the_target_named_first() -> None:
    """All 7, with all their targets, those of other documents too."""
    codes = {pack["policy"]["code"]: doc for doc, pack in PACKS.items()}
    found = {c["id"]: (doc, c) for doc, pack in PACKS.items() for c in pack.get("conflict", ())}
    assert set(found) == {x["id"] for x in IND["conflict"]}
    for spec in IND["conflict"]:
        doc, conflict = found[spec["id"]]
        assert conflict["targets"] == spec["indicators"]
        assert doc == codes[spec["indicators"][0].split("-")[0]]
    assert len(found) == 7


def test_every_network_stands_with_the_number_of_levels_that_its_text_states() -> None:
    count = 0
    for spec, network in both("network", NET["network"]):
        count += 1
        same(spec, network, "zh", "en", "quote", "req", ("head_zh", "head"), ("backbone_zh", "backbone"), ("base_zh", "base"))
        assert network.get("levels") == (spec["levels"] if spec["levels_stated"] else None)
    assert count == 6


def test_every_level_has_its_name_hosts_and_duties() -> None:
    """All 23, in the order of the network they belong to; what hosts them, supervises them and what they do, in the document's words."""
    count = 0
    for doc, pack in PACKS.items():
        main = pack["network"][0]["id"]
        found = {(x.get("network", main), x["level"]): x for x in pack["level"]}
        for spec in of(doc, NET["level"]):
            count += 1
            level = found.pop((spec["network"], spec["admin_level"]))
            spec = {**spec, "id": spec["institution_zh"]}
            same(spec, level, "order", "quote", "req", "count", ("condition_zh", "condition"), ("supervised_by_zh", "supervised_by"))
            assert level.get("hosts", []) == spec["host_zh"]
            assert agree(spec["duties"], level.get("duties", []))
            assert spec["institution_zh"] in ("", level["zh"])
            assert not {re.sub(r"\(社区市民学校\)", "", x) for x in spec.get("aliases_zh", ())} - {level["zh"], *level["aliases"]}
            agreement = spec.get("agreement")
            assert level.get("agreement") == (agreement and {k.removesuffix("_zh"): v for k, v in agreement.items() if k != "covers_zh"} | {
                "covers": agreement["covers_zh"],
            })
        assert not found
    assert count == 23


def test_guangdongs_level_below_the_village_is_optional_and_has_no_name() -> None:
    level = next(x for x in PACKS["000"]["level"] if x["level"] == "below_village")
    assert level["condition"] == "有条件的"
    assert "没有给这一级名称" in level["note"]["zh"]


def test_every_chain_model_and_body_stands_in_its_pack() -> None:
    """All 4 chains, 7 models, 15 bodies."""
    counts = [0, 0, 0]
    for spec, chain in both("chain", NET["chain"]):
        counts[0] += 1
        same(spec, chain, "zh", "en", "quote", "req", ("links_zh", "links"))
        assert chain["levels"] == levels_of(spec["links_admin"])
        assert [x["zh"] for x in chain.get("functions", ())] == spec.get("county_functions_zh", [])
        assert [f"({x})" for x in chain.get("shared", ())] == [x.split(" ")[-1] for x in spec["shared"]]
    for spec, model in both("model", NET["model"]):
        counts[1] += 1
        same(spec, model, "quote", "req", "parts")
    for spec, body in both("body", NET["body"]):
        counts[2] += 1
        same(spec, body, "zh", "en", "quote", "req", "duties")
        assert body["levels"] == levels_of(spec["admin_level"])
    assert counts == [4, 7, 15]


def test_every_department_has_its_duties_in_the_documents_words() -> None:
    """All 66: group, role, levels, duties word for word, and with whom a duty is shared."""
    count = 0
    for spec, department in both("department", NET["department"]):
        count += 1
        same(spec, department, "zh", "en", "group", "role", "quote", "req", "duties", "shared_with")
        assert department["levels"] == levels_of(spec["admin_level"])
        text = TEXTS[spec["doc"]]
        assert all(duty["zh"] in text for duty in department["duties"]), spec["id"]
    assert count == 66


def test_every_word_that_two_documents_use_otherwise_has_the_reading_of_each_in_its_pack() -> None:
    """All 5 words: each document that uses one says in its own pack what it means there."""
    for doc, pack in PACKS.items():
        found = {x["id"]: x for x in pack["term"]}
        asked = {t["id"]: r for t in NET["term"] for r in t["readings"] if r["doc"] == doc}
        assert set(found) == set(asked)
        for key, reading in asked.items():
            same({**reading, "id": key}, found[key], "en")
    assert len({x["id"] for pack in PACKS.values() for x in pack["term"]}) == len(NET["term"]) == 5


@pytest.mark.parametrize("kind", PROVISIONS)
def test_everything_else_that_a_document_names_stands_in_its_pack(kind: str) -> None:
    """Events, awards, statuses, banks, credit, platforms, sources of courses, places, organisations, money, people, surveys, projects."""
    for doc in PACKS:
        found = {key.split(" ")[1]: x for key, x in held(doc, "provision").items() if x["kind"] == kind}
        assert list(found) == [x["id"] for x in of(doc, CUR[kind])]
        for spec in of(doc, CUR[kind]):
            same(spec, found[spec["id"]], "zh", "en", "quote", "req")
    assert {x["kind"] for pack in PACKS.values() for x in pack["provision"]} == set(PROVISIONS)


def test_content_categories_are_carried_by_the_curricula_of_the_plugins() -> None:
    """All 119: a category of the same document with the same name, the same sentence or a part of it."""
    for spec in CUR["category"]:
        found = [c for x in CURRICULA for c in x.get("category", ()) if (c["document"], c["zh"]) == (spec["doc"], spec["zh"])]
        assert any(c["quote"] in spec["quote"] or spec["quote"] in c["quote"] for c in found), spec["id"]


def test_groups_of_people_are_carried_by_the_curricula_of_the_plugins() -> None:
    """All 36: an audience of the same document, or one that this document calls by its own word."""
    known: set[tuple[str, str]] = set()
    for audience in (a for x in CURRICULA for a in x.get("audience", ())):
        words = [audience["zh"], *audience.get("aliases", ())]
        docs = {audience["document"], *(x["document"] for x in audience.get("also", ()))}
        known |= {(doc, word) for doc in docs for word in words}
        known |= {(x["document"], x["zh"]) for x in audience.get("also", ())}
    # 农村留守老人、妇女、儿童少年: the first word of the sentence governs all three.
    for spec in CUR["population"]:
        assert any(doc == spec["doc"] and word.endswith(spec["zh"].strip("“”")) for doc, word in known), spec["id"]


def entries(pack: Table) -> Iterator[tuple[str, Table]]:
    """Every table of a pack that cites its document."""
    for table, rows in pack.items():
        if isinstance(rows, list):
            yield from ((f"{table} {x.get('id') or x.get('level')}", x) for x in rows if "clause" in x)


def headings(doc: str, text: str) -> list[tuple[int, str]]:
    """Where each numbered part of a document begins, and how a clause names it: 二(五)3, 三（二）, 附件 一."""
    top, part, item, begun, at = "", "", "", [(0, "文首")], 0
    for line in text.splitlines(keepends=True):
        words = re.sub(r"^[#\s]*(\[bookmark: _GoBack\])?", "", line).rstrip()
        if words == "附件":
            top, part, item = "附件 ", "", ""
        elif found := re.match("([一二三四五六七八])、", words):
            top, part, item = ("附件 " if top.startswith("附件") else "") + found[1], "", ""
        elif found := re.match("[（(]([一二三四五六七八])[）)]", words):
            part, item = f"（{found[1]}）" if doc in ("001", "002", "004") else f"({found[1]})", ""
        elif found := re.match(r"(\d)\.", words):
            item = found[1]
        elif words.startswith("本实施意见自"):
            top, part, item = "文末", "", ""
        if top:
            begun.append((at, f"{top}{part}{item}"))
        at += len(line)
    return begun


@pytest.mark.parametrize("doc", sorted(PACKS))
def test_every_quote_is_an_exact_part_of_its_document_under_the_clause_that_is_named(doc: str) -> None:
    text = TEXTS[doc]
    begun = headings(doc, text)
    for name, entry in entries(PACKS[doc]):
        quote, clauses = entry.get("quote", ""), set()
        assert quote in text, name
        for found in re.finditer(re.escape(quote), text):
            clauses.add(next(clause for at, clause in reversed(begun) if at <= found.start()))
        assert entry["clause"] in clauses, (name, entry["clause"], clauses)


@pytest.mark.parametrize("doc", sorted(PACKS))
def test_nothing_in_a_pack_is_said_in_one_language_only(doc: str) -> None:
    """Chinese is Chinese, and no Chinese stands in the English."""
    def pairs(value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            if "zh" in value:
                yield value["zh"], value["en"]
            for inner in value.values():
                yield from pairs(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from pairs(inner)

    for zh, en in pairs(PACKS[doc]):
        assert CHINESE.search(zh), zh
        assert re.search("[a-z]", en), en
        assert not CHINESE.search(en), en


def test_every_metric_that_a_pack_names_is_declared_by_a_bundled_plugin() -> None:
    """Of targets, conditions, goals and schedules; and every register of an assessor's findings."""
    with commlms.LMS(lang="en", keys=[]) as lms:
        metrics, records = lms.registry.metrics, lms.registry.records
    named: set[str] = set()
    for pack in PACKS.values():
        for table in ("target", "goal", "schedule"):
            for row in pack.get(table, ()):
                named |= {row.get("metric", ""), *row.get("metrics", ()), *(w["metric"] for w in row.get("when", ()))} - {""}
    assert named - set(metrics) == set()
    assert {g["assessed"] for pack in PACKS.values() for g in pack["goal"] if "assessed" in g} <= set(records)
    assert {t["scope"]["subject"] for pack in PACKS.values() for t in pack["target"] if "subject" in t["scope"]} <= set(records)
