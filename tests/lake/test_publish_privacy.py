"""What leaves the office: a reviewed list of columns, no word that names a person, sensitive groups only as every export shows them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import commlms
from commlms import LMS
from commlms.cli.figures import Shown
from commlms.core.expressions import has_in
from commlms.core.identity import check_digit
from commlms.lake.layout import Manifest, global_id, place_number
from tests.lake.test_publish import rows
from tests.measure.city import A1, A2, B1, B2, STREET, TOWN, attend, city, headcount, residents, session

KEY = b"l" * 32
#: Every column that leaves with all bundled plugins. A new one stands here only after somebody has thought about it.
REVIEWED = {
    "participation": "learner session minutes",
    "session": "id institution on minutes place offering course category form mode program audience meetings began",
    "headcount": "session counts audience persons",
    "learner": "id known strength born_first born_last",
    "learner_state": "owner since until home hukou occupation",
    "institution": "id code place kind since until",
    "offering": "id course institution",
    "course": "id category population",
    "place": "id key",
    "place_state": "owner since until code name level kind area region aliases parent reports_to",
    "residents": "place on basis group persons persons_about nature citation",
    "sent": "sender period",
    "erased_visit": "session persons",
    "shown_total": "tree place year measure persons hidden",
    "farmers_certificate": "learner since until grade",
    "youth_enrolment": "learner since until institution",
    "staffing_post": "institution since until employment role",
    "staffing_team": "institution since until persons",
    "staffing_volunteer": "learner since until",
    "staffing_training": "place on audience",
    "funding_fund": "place period channel budgeted purpose appropriated form paid",
    "funding_payroll": "place period wages training",
    "premises_site": "institution since until area",
    "premises_function": "institution since until function",
    "recognition_status": "place since until kind rank state",
    "recognition_naming": "place on kind",
    "supervision_undertaking": "place since until kind",
    "supervision_paper": "place since until issued kind period due",
    "supervision_milestone": "place since name planned",
    "supervision_survey": "place on kind positive asked",
    "supervision_event": "place on kind",
}
SECRETS = (
    "王不外传", "童不外传", "L-秘密-1", "K-秘密-2", "2021年困难证明", "HOST-77", "his-system", "主题：某某的故事", "某某家中", "证书第88号",
    "校名不出门", "王不外传奖", "某某捐款", "某某专长", "某某厂", "某某队",
)


def id_number(born: str) -> str:
    """An invented ID number of a birth date."""
    first = f"990101{born}123"
    return first + check_digit(first)


def told(path: Path | None = None) -> LMS:
    """A city in which everything that could give a person away is written somewhere."""
    lms = city(path, keys=[b"k" * 32])
    lms.add({
        "code": "L-秘密-1", "name": "王不外传", "sex": "male", "born": "1950-05-17", "id_number": id_number("19500517"), "home": A1,
        "hukou": "other_rural", "occupation": "worker", "source": "his-system", "source_key": "HOST-77",
    }, "learner")
    lms.add({"code": "K-秘密-2", "name": "童不外传", "born": "2015-09-08", "home": B1}, "learner")
    lms.add({"code": "I-X", "name": "校名不出门", "place": A1}, "institution")
    lms.add({"code": "C1", "title": "主题：某某的故事", "category": "digital"}, "course")
    lms.add({"code": "O1", "course": "C1", "institution": "I-X"}, "offering")
    session(lms, "S1", A1, "2022-03-05", offering="O1", minutes=60)
    lms.set("session", "S1", theme="主题：某某的故事", venue="某某家中")
    attend(lms, "S1", "L-秘密-1", "K-秘密-2")
    headcount(lms, "S1", "present", 12)
    residents(lms, A1, 100)
    lms.add({"learner": "L-秘密-1", "group": "left_behind", "since": "2021-01-01", "evidence": "2021年困难证明"}, "standing")
    lms.add({"learner": "L-秘密-1", "grade": "高级", "since": "2021-01-01", "number": "证书第88号"}, "farmers.certificate")
    lms.add({"learner": "K-秘密-2", "institution": "I-X", "since": "2022-01-01", "goes_home": "alone"}, "youth.enrolment")
    lms.add({"learner": "K-秘密-2", "kind": "award", "on": "2022-04-01", "title": "王不外传奖"}, "outcome")
    lms.add({"code": "P1", "institution": "I-X", "role": "teacher", "employment": "full_time", "holder": "王不外传"}, "staffing.post")
    lms.add({"institution": "I-X", "name": "某某队", "persons": 9}, "staffing.team")
    lms.add({"learner": "L-秘密-1", "team": "某某队", "skill": "某某专长", "background": "某某专长"}, "staffing.volunteer")
    fund = {"place": A1, "period": "2022", "channel": "individual", "purpose": "activity"}
    lms.add({**fund, "title": "某某捐款", "budgeted": 5}, "funding.fund")
    lms.add({"place": A1, "period": "2022", "organisation": "某某厂", "kind": "enterprise", "wages": 9, "training": 1}, "funding.payroll")
    return lms


def values(lake: Path) -> Iterator[tuple[str, str, Any]]:
    """Every value of every file, with its file and column."""
    for file in lake.rglob("*.parquet"):
        for name, column in pq.ParquetFile(file).read().to_pydict().items():
            yield from ((file.parts[len(lake.parts) + 1], name, value) for value in column)


def test_the_columns_that_leave_are_those_that_were_reviewed(tmp_path: Path) -> None:
    with told() as lms:
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
    found = {name: [c for c, _ in t.columns] for name, t in manifest.tables.items()}
    settled = found.pop("settled")
    assert found == {name: columns.split() for name, columns in REVIEWED.items()}
    assert settled[:2] == ["place", "year"]
    by_column = {m.column: m for m in manifest.measures}
    assert all(by_column[c].how == "rows" for c in settled[2:])
    for file in tmp_path.rglob("*.parquet"):
        table = file.relative_to(tmp_path).parts[1]
        assert pq.ParquetFile(file).schema_arrow.names == [c for c, _ in manifest.tables[table].columns]


def test_no_word_that_names_a_person_leaves(tmp_path: Path) -> None:
    with told() as lms:
        secrets = set(SECRETS)
        for record in ("id_number_digest", "id_number_masked"):
            secrets.add(lms.database.one(f"SELECT {record} FROM learner WHERE {record} IS NOT NULL"))
        commlms.publish(lms, tmp_path, keys=[KEY])
    seen = set()
    for table, column, value in values(tmp_path):
        seen.add(table)
        assert value not in secrets, (table, column)
        assert value not in (19500517, 20150908), (table, column)
        if column in ("learner", "owner") and table != "place_state":
            assert re.fullmatch("[0-9a-f]{32}", value)
    assert {"learner", "farmers_certificate", "youth_enrolment", "shown_total"} <= seen
    assert {"staffing_post", "staffing_team", "staffing_volunteer", "funding_fund", "funding_payroll"} <= seen
    for manifest in tmp_path.rglob("*.json"):
        assert not [secret for secret in secrets if secret in manifest.read_text(encoding="utf-8")]


def test_birth_dates_are_years_and_an_interval_over_two_years_is_none(tmp_path: Path) -> None:
    """A birth month is told as its year; 20491231..20500101 cannot be written by an office, so it is put in here."""
    with city() as lms:
        born = (("a", "1950-05-17"), ("b", "1951-03"), ("c", "1952"))
        lms.add([{"code": c, "name": c, "born": b, "home": A1} for c, b in born], "learner")
        lms.add({"code": "d", "name": "d", "home": A1}, "learner")
        lms.database.execute("UPDATE learner SET born_first = 19531231, born_last = 19540101 WHERE code = 'd'")
        session(lms, "S1", A1, "2022-03-05")
        attend(lms, "S1", "a", "b", "c", "d")
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
        found = {(r["born_first"], r["born_last"]) for r in rows(tmp_path, manifest, "learner")}
        assert found == {(19500101, 19501231), (19510101, 19511231), (19520101, 19521231), (None, None)}


def test_words_that_no_measure_asks_for_leave_as_one_sign(tmp_path: Path) -> None:
    """An occupation in somebody's own words could name its only holder; a declared one that nobody counts says too much."""
    with city() as lms:
        people = (("a", "worker"), ("b", "某厂厂长"), ("c", "retired"), ("d", None))
        lms.add([{"code": c, "name": c, "occupation": o, "hukou": "local_urban", "home": A1} for c, o in people], "learner")
        session(lms, "S1", A1, "2022-03-05")
        attend(lms, "S1", "a", "b", "c", "d")
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
        states = rows(tmp_path, manifest, "learner_state")
        assert sorted(str(r["occupation"]) for r in states) == ["*", "*", "None", "worker"]
        assert {r["hukou"] for r in states} == {"*"}


def test_a_sessions_words_leave_where_a_measure_asks_for_them(tmp_path: Path) -> None:
    """A program may bear somebody's name; that of the 430 school is counted, and so is the kind of practice."""
    with city() as lms:
        session(lms, "S1", A1, "2022-03-07", program="430学堂", form="practice", category="老王的手艺")
        session(lms, "S2", A1, "2022-03-08", program="老王工作室", form="lecture")
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
        found = {(r["program"], r["form"], r["category"]) for r in rows(tmp_path, manifest, "session")}
        assert found == {("430学堂", "practice", "*"), ("*", "*", None)}


def test_every_measure_of_a_sensitive_group_is_only_shown_and_no_other(tmp_path: Path) -> None:
    """Nor does a title in somebody's own words leave to be counted: brands and organisations by the name of who holds it."""
    with told() as lms:
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
    groups = ("left_behind_elderly", "left_behind_women", "left_behind_children", "new_farmers", "new_citizens")
    for measure in manifest.measures:
        words = ('"standing"', '"holder"]}', *(f'"{group}"' for group in groups))
        about = any(word in measure.text for word in words)
        assert (measure.how == "shown") == about, measure.text


def test_headcounts_of_sensitive_groups_leave_without_their_name(tmp_path: Path) -> None:
    """3 left-behind women, 2 of a group that nobody counts, 4 seniors besides: 5 of some group and 4 seniors, 9 unnamed in all."""
    with city() as lms:
        session(lms, "S1", A1, "2022-03-07", audience="left_behind_women")
        for group, persons in (("left_behind_women", 3), ("老王的朋友", 2), ("seniors", 4)):
            headcount(lms, "S1", "besides", persons, group)
        session(lms, "S2", A1, "2022-03-08", audience="seniors")
        headcount(lms, "S2", "present", 6)
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
        found = {(r["counts"], r["audience"], r["persons"]) for r in rows(tmp_path, manifest, "headcount")}
        assert found == {("besides", "*", 5), ("besides", "seniors", 4), ("present", "", 6)}
        assert {r["audience"] for r in rows(tmp_path, manifest, "session")} == {"*", "seniors"}


def test_without_the_plugins_their_columns_stay(tmp_path: Path) -> None:
    """Nothing but the core's measures: they read the occupation, and nobody's age, sex or hukou."""
    with LMS(None, without=["seniors", "youth", "farmers", "migrants", "policies", "outbox"], today=dt.date(2023, 6, 1)) as lms:
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
    assert [c for c, _ in manifest.tables["learner"].columns] == ["id", "known", "strength"]
    assert [c for c, _ in manifest.tables["learner_state"].columns] == ["owner", "since", "until", "home", "occupation"]
    assert not {"farmers_certificate", "youth_enrolment"} & manifest.tables.keys()


def test_a_register_counted_by_a_personal_column_or_a_title_is_only_shown(tmp_path: Path) -> None:
    """Made-up metrics of one more plugin, given as an object."""
    from commlms import Host, Metric, Rows, hookimpl, this

    class Odd:
        COMMLMS_API = 1

        @staticmethod
        @hookimpl
        def register_metrics() -> list[Metric]:
            return [
                Metric("odd.evidence", "甲", "a", Rows("standing", where=this.evidence.is_("x")), unit="row"),
                Metric("odd.awards", "乙", "b", Rows("outcome", where=this.kind.is_("award"), day="on"), unit="row"),
                Metric("odd.titled", "丙", "c", Rows("outcome", where=this.title.is_("王不外传奖"), day="on"), unit="row"),
                Metric("odd.sources", "丁", "d", Rows("outcome", where=this.source_key.is_("x"), day="on"), unit="row"),
            ]

    with city(host=Host(modules={"odd": Odd})) as lms:
        lms.add({"code": "K-秘密-2", "name": "童不外传", "home": B1}, "learner")
        lms.add({"learner": "K-秘密-2", "kind": "award", "on": "2022-04-01", "title": "王不外传奖"}, "outcome")
        session(lms, "S1", A1, "2022-03-05")
        manifest = commlms.publish(lms, tmp_path, keys=[KEY]).manifest
        odd = {m.column: m.how for m in manifest.measures if m.plugin == "odd"}
        metrics = [lms.metric(f"odd.{n}") for n in ("evidence", "awards", "titled", "sources")]
        assert [odd[m.numerator.column] for m in metrics] == ["shown", "rows", "shown", "shown"]
        assert manifest.tables["outcome"].columns == (("learner", "string"), ("on", "int64"), ("kind", "string"))
        # Its only learner took part in nothing and is there as the register's own.
        assert [r["id"] for r in rows(tmp_path, manifest, "learner")] == [r["learner"] for r in rows(tmp_path, manifest, "outcome")]
        hidden = {r["place"]: r["hidden"] for r in rows(tmp_path, manifest, "shown_total") if r["measure"] == metrics[2].numerator.column}
        assert hidden[place_number(B1)] in ("small", "linked")


# -- random small cities ------------------------------------------------------------------------------

_HOMES = st.sampled_from([A1, A2, B1, B2, STREET, TOWN, None])
_PEOPLE = st.lists(
    st.tuples(_HOMES, st.integers(1930, 2018), st.sampled_from(["", "left_behind", "new_citizen", "new_type_farmer"]), st.integers(0, 3)),
    min_size=1, max_size=14,
)


def random_city(people: list[tuple[str | None, int, str, int]]) -> LMS:
    """Each person at the first so many of three sessions, and perhaps in a group since 2021."""
    lms = city()
    session(lms, "S1", A1, "2021-03-05")
    session(lms, "S2", B1, "2021-04-05")
    session(lms, "S3", A1, "2022-03-05")
    lms.add([{"code": f"P{i}", "name": f"某{i}", "born": f"{y}-02-03", "home": h} for i, (h, y, _, _) in enumerate(people)], "learner")
    visits = [{"learner__code": f"P{i}", "session__code": f"S{n + 1}"} for i, (*_, times) in enumerate(people) for n in range(times)]
    lms.add(visits, "participation")
    groups = [{"learner__code": f"P{i}", "group": g, "since": "2021-01-01"} for i, (_, _, g, _) in enumerate(people) if g]
    lms.add(groups, "standing")
    return lms


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=_PEOPLE)
def test_sensitive_figures_are_those_of_every_export_and_rows_give_the_others(people: list[tuple[str | None, int, str, int]]) -> None:
    """Persons by home and year, counted here by hand from the people; what is shown of groups, from the command's own values."""
    with random_city(people) as lms, TemporaryDirectory() as name:
        lake = Path(name)
        manifest = commlms.publish(lms, lake, keys=[KEY]).manifest
        check_shown(lms, lake, manifest)
        homes = {r["owner"]: r["home"] for r in rows(lake, manifest, "learner_state")}
        in_2021 = {global_id(manifest.uid, s) for s in (1, 2)}
        came = {r["learner"] for r in rows(lake, manifest, "participation") if r["session"] in in_2021}
        for home in (A1, A2, B1, B2, STREET, TOWN):
            wanted = sum(h == home and times > 0 for h, _, _, times in people)
            assert sum(homes[p] == place_number(home) for p in came) == wanted
        assert sum(homes[p] is None for p in came) == sum(h is None and times > 0 for h, _, _, times in people)
        assert manifest.learners == sum(times > 0 for *_, times in people)


def check_shown(lms: LMS, lake: Path, manifest: Manifest) -> None:
    """``shown_total`` says what ``commlms metrics --format json`` says of every sensitive numerator and denominator."""
    shown = {(r["tree"], r["place"], r["year"], r["measure"]): r for r in rows(lake, manifest, "shown_total")}
    numbers = {p: place_number(key) for p, key in lms.database.execute("SELECT owner, code FROM place_state")}
    for tree in ("admin", "reporting"):
        for year in manifest.years:
            found = lms.metrics(str(year), tree=tree)  # type: ignore[arg-type]  # both trees
            export = Shown(found, lms.registry.metrics.values(), lms.today)
            for _, metric, figure in found:
                said = export.as_json(metric, figure)
                for part in ("numerator", "denominator"):
                    measure = getattr(metric, part)
                    if not has_in(measure) or '"standing"' not in measure.text:
                        continue
                    row = shown.get((tree, numbers[figure.place], year, measure.column))
                    assert said[part] == (0 if row is None else row["persons"]), (metric.key, said)
                    assert row is None or (row["persons"] is None) == bool(row["hidden"])


@pytest.mark.parametrize("level", ["township", "county"])
def test_no_village_is_anybodys_home_where_homes_are_cut(tmp_path: Path, level: Any) -> None:
    people = [(h, 1950, "left_behind", 2) for h in (A1, A2, B1, B2) for _ in range(3)]
    with random_city(people) as lms:
        lms.people.erase("P0")
        manifest = commlms.publish(lms, tmp_path, keys=[KEY], level=level).manifest
        villages = {place_number(code) for code in (A1, A2, B1, B2)}
        for table, column in (("learner_state", "home"), ("settled", "place"), ("shown_total", "place")):
            found = {r[column] for r in rows(tmp_path, manifest, table)}
            assert found
            assert not found & villages, table
