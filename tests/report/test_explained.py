"""A verdict explained: the sentence, why the rule is in force, integers, rounding, bounds, rows; the same in three forms."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from commlms import LMS, CommLMSError, Host, Metric, Rows, UnknownName, hookimpl
from commlms.report.explained import Explained, explained
from commlms.report.explained_form import as_data, html_parts, json_parts, table_of, text_lines
from tests.measure.city import A1, A2, B1, CITY, COUNTY, STREET, TOWN, attend, city, headcount, learners, residents, session
from tests.measure.duties import HEAD, TARGETS, Duties, duties, pack, read


@pytest.fixture(scope="module")
def office() -> Iterator[LMS]:
    """Nine posts in the county of 1,430 residents, eight in force at the end of 2022; funds, trainings, learners."""
    with city(host=duties()) as lms:
        fill(lms)
        yield lms


def fill(lms: LMS) -> None:
    lms.add([
        *({"code": f"P{n}", "institution": f"I-{A1}", "role": "teacher", "since": "2020-01-01"} for n in range(3)),
        *({"code": f"Q{n}", "institution": f"I-{STREET}", "role": "worker", "since": "2020-01-01"} for n in range(5)),
        {"code": "R", "institution": f"I-{A1}", "role": "teacher", "since": "2020-01-01", "until": "2022-06-30"},
        {"code": "S", "institution": f"I-{A1}", "role": "cook"},
    ], "offices.post")
    lms.add([
        {"code": "F1", "place": COUNTY, "period": "2022", "origin": "government", "amount": "30"},
        {"code": "F2", "place": STREET, "period": "2022", "origin": "government", "amount": "7"},
    ], "offices.fund")
    trained = (("春", "2022-03-01"), ("秋", "2022-09-01"), ("某日", None))
    lms.add([{"place": COUNTY, "title": title, "on": on} for title, on in trained], "offices.training")
    for at, persons in ((COUNTY, 1430), (STREET, 900), (A1, 110), (A2, 60)):
        residents(lms, at, persons)
    session(lms, "S1", A1, "2022-03-05")
    learners(lms, A1, "L1", "L2", born="1950-01-01")
    learners(lms, A1, *(f"M{n}" for n in range(9)), born="1990-01-01")
    attend(lms, "S1", "L1", "L2", *(f"M{n}" for n in range(9)))
    headcount(lms, "S1", "present", 15)


def facts(found: Explained) -> dict[str, str]:
    """What is told of the rule, the verdict, the rounding and the bounds, in English."""
    rule = found.rule.facts if found.rule else ()
    return {f.key: f.value.en for f in (*rule, *found.verdict, *found.reach, *found.bounds)}


def test_a_rate_says_what_is_demanded_exactly_and_that_it_was_rounded_up(office: LMS) -> None:
    """0.7 % of 1,430 are 10.01: eleven posts; eight are there, the one that ended and the cook are listed as left out."""
    found = explained(office, "du-ratio", COUNTY, "2022")
    said = facts(found)
    assert (said["verdict"], said["demand"]) == ("short", "≥ 0.7% (不少于)")
    assert said["because"] == "proven 8 / 1430 = 0.559%; needed 11 posts; short by 3 posts"
    assert said["needed"] == "10.01, rounded up to 11 posts"
    assert found.reach[0].data == {"target": "du-ratio", "exact_numerator": 1001, "exact_denominator": 100, "needed": 11}
    assert [(p.name, p.value) for p in found.parts] == [("numerator", 8), ("denominator", 1430)]
    assert {(why.en if why else "", n) for why, n in found.parts[0].counts} == {
        ("", "8"), ("not in force at the period's end", "1"), ("does not fit the condition", "1")}
    assert sum(r.adds for r in found.rows() if r.part == "numerator") == 8


def test_the_rule_says_why_it_is_in_force(office: LMS) -> None:
    said = facts(explained(office, "du-ratio", COUNTY, "2022"))
    assert said["document"] == "901 Notice on the registers of offices (云办〔2020〕9号)"
    assert (said["issued"], said["published"], said["effective"]) == ("2019-12-20", "2019-12-25", "2020-01-01")
    assert said["in_force"] == "on 2022-12-31: it has taken effect, has no end of its own, and no loaded document repeals it"
    assert said["repeals"] == "an old notice (云办〔2010〕1号)"
    assert said["jurisdiction"] == "9901 晴市"
    assert said["whom"] == "county, each by itself"


def test_joined_demands_count_as_one_maximum(office: LMS) -> None:
    """3 % of 110 are 3.3, so 4; the other demand is 2: 4 of them all, whichever of the two sentences is asked."""
    for target in ("du-school", "du-school-least"):
        found = explained(office, target, A1, "2022")
        assert [f.value.en for f in found.reach if "needed" in f.key][-1] == "4 posts (the largest counts)"
        assert any(f.value.en.endswith("3.3, rounded up to 4 posts") for f in found.reach)
        assert (found.subject, facts(found)["verdict"]) == (f"学校{A1}", "short")
        assert [r.left_out.en if r.left_out else "" for r in found.rows() if r.part == "numerator"].count("") == 3


def test_a_demand_that_must_be_passed_and_one_that_limits(office: LMS) -> None:
    """More than 1,000: 1,001; at most 2 kinds of role. Exactly three levels: the institutions here have no kind."""
    assert facts(explained(office, "du-own", STREET, "2022"))["needed"] == "1000, to be passed: 1001 funds"
    limit = explained(office, "du-roles", STREET, "2022").reach
    assert [(f.key, f.value.en) for f in limit] == [("limit", "2 roles, exactly")]
    ranged = explained(office, "du-trainings", COUNTY, "2022").reach
    assert [(f.key, f.value.en) for f in ranged] == [("needed", "2 trainings, exactly"), ("limit", "3 trainings, exactly")]


def test_bounds_reach_from_the_proven_to_the_most(office: LMS) -> None:
    """Eleven learners of 110, fifteen present: four unnamed more, and nobody else, for the village recorded something."""
    said = facts(explained(office, "du-people", A1, "2022"))
    assert (said["proven"], said["ceiling"], said["bound"]) == ("11 persons", "15 persons", "15 persons")
    assert "silent" in said
    assert facts(explained(office, "du-ratio", COUNTY, "2022"))["proven"].endswith("all of it is recorded, nothing is unnamed")


def test_places_judged_as_one_are_explained_at_a_place_above_them(office: LMS) -> None:
    """The one street has 8 posts; from the city down it is the verdict, at the street itself too; at the town it is not meant."""
    above, own = explained(office, "du-ratio-streets", CITY, "2022"), explained(office, "du-ratio-streets", STREET, "2022")
    assert facts(above) == facts(own)
    assert (above.judgement, above.parts[0].value, above.only) == (own.judgement, 8, ())
    assert facts(above)["together"] == "1"
    town = explained(office, "du-ratio-streets", TOWN, "2022")
    assert town.judgement is None
    assert [why.en for why in town.only] == ["the sentence does not name this place"]


def test_another_period_or_place_is_information_only(office: LMS) -> None:
    found = explained(office, "du-ratio", COUNTY, "2022Q1")
    assert (found.judgement, [why.en for why in found.only]) == (None, ["the sentence is judged as of a day, such as 2022-03-31"])
    assert [p.value for p in found.parts] == [9, 1430]
    early = explained(office, "du-ratio", COUNTY, "2019")
    assert "not on 2019-12-31" in facts(early)["in_force"]
    assert early.only


def test_a_row_of_a_register_must_be_named_where_there_are_several(office: LMS) -> None:
    """At the county there are four schools of villages; a name that none has is told apart from one that is missing."""
    with pytest.raises(CommLMSError, match=f"--subject: 学校{COUNTY}"):
        explained(office, "du-school", COUNTY, "2022")
    found = explained(office, "du-school", COUNTY, "2022", subject=f"学校{A2}")
    assert (found.places[0].code, found.parts[0].value, facts(found)["verdict"]) == (A2, 0, "short")
    with pytest.raises(UnknownName, match="nobody"):
        explained(office, "du-school", COUNTY, "2022", subject="nobody")
    with pytest.raises(CommLMSError, match="one by one"):
        explained(office, "du-ratio", COUNTY, "2022", subject="nobody")
    with pytest.raises(CommLMSError, match="one by one"):
        explained(office, "offices.posts", COUNTY, "2022", subject="nobody")


def test_a_metric_alone_has_no_rule(office: LMS) -> None:
    found = explained(office, "offices.posts", COUNTY, "2022")
    assert (found.rule, found.judgement, found.reach, [p.value for p in found.parts]) == (None, None, (), [8])
    with pytest.raises(UnknownName):
        explained(office, "offices.nothing", COUNTY, "2022")


# -- documents that end or extend others ---------------------------------------------------------------


def test_a_repealed_rule_says_by_whom_and_since_when() -> None:
    """A notice of 2022 ends that of 2020: for 2021 it is in force, for 2022 it is not."""
    later = HEAD.replace("duties-2020", "later-2022").replace('"901"', '"902"').replace('"du"', '"la"').replace(
        "云办〔2020〕9号", "云办〔2022〕1号").replace("2020-01-01", "2022-05-01").replace("2019-12-20", "2022-04-01").replace(
        "2019-12-25", "2022-04-02").replace("云办〔2010〕1号", "云办〔2020〕9号")
    with city(host=duties(pack(TARGETS[:1]), later + pack(TARGETS[4:5], "").replace("du-", "la-"))) as lms:
        fill(lms)
        said = facts(explained(lms, "du-ratio", COUNTY, "2022"))
        assert said["in_force"] == "not on 2022-12-31: repealed by 云办〔2022〕1号 from 2022-05-01"
        assert said["repealed"] == "on 2022-05-01, by 云办〔2022〕1号"
        assert facts(explained(lms, "du-ratio", COUNTY, "2021"))["in_force"] == "on 2021-12-31"


def test_words_taken_over_from_a_document_that_is_extended_say_whose_they_are() -> None:
    lower = HEAD.replace("duties-2020", "lower-2021").replace('"901"', '"903"').replace('"du"', '"lo"').replace(
        "云办〔2020〕9号", "区办〔2021〕2号").replace('{ number = "云办〔2010〕1号", zh = "旧通知", en = "an old notice" }', "")
    lower = lower.replace('jurisdiction = "9901"', 'jurisdiction = "990101"\nextends = "duties-2020"')
    with city(host=duties(pack(), lower)) as lms:
        fill(lms)
        said = facts(explained(lms, "lo-ratio", COUNTY, "2022"))
        assert said["inherited"] == "Notice on the registers of offices (云办〔2020〕9号), taken over by this document"
        assert said["extends"].startswith("Notice on the registers of offices (云办〔2020〕9号)")
        assert said["verdict"] == "short"


# -- three forms ---------------------------------------------------------------------------------------


def numbers(value: Any) -> Iterator[Any]:
    """Every number in JSON."""
    if isinstance(value, dict):
        yield from (n for v in value.values() for n in numbers(v))
    elif isinstance(value, list):
        yield from (n for v in value for n in numbers(v))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize("target", [t[0] for t in TARGETS])
def test_the_three_forms_say_the_same(office: LMS, target: str) -> None:
    """Every sentence of the JSON stands in the page in both languages and in the text in one; so does every row; no float anywhere."""
    place = {"school": A1, "school-least": A1, "people": A1, "old": A1, "roles": STREET}.get(target, COUNTY)
    subject = "#1" if target == "money-each" else ""
    found = explained(office, f"du-{target}", place, "2022", subject=subject)
    data = json.loads("".join(json_parts(found)))
    page, lines = "".join(html_parts(found, "zh")), "\n".join(text_lines(found, "en", sql=True))
    assert all(isinstance(n, int) for n in numbers(data))
    plain = unescape(page)
    for fact in (*data["rule"]["facts"], *data["verdict"]["facts"][1:], *data["rounding"], *data["bounds"]):
        assert fact["value"]["zh"] in plain
        assert fact["value"]["en"] in plain
        assert fact["value"]["en"] in lines or fact["key"] in ("clause", "demand")
    for part in data["parts"]:
        assert part["words"]["en"] in plain
        assert part["words"]["en"] in lines
        assert not part["sql"] or (part["sql"] in plain and part["sql"] in lines)
    if found.not_listed is None:
        told = list(table_of(found, "en"))
        assert len(data["rows"]) == page.count("<tr") - page.count("<tr><th") == len(told) - 1
        assert sum(r["adds"] for r in data["rows"] if r["part"] == "numerator") == data["parts"][0]["value"]
    assert not re.search(r"(src|href)=|https?://|<script|@import", page)


def test_what_is_hidden_is_hidden_in_all_three(office: LMS) -> None:
    """Two old people in the village: neither their number, nor a row, nor how many rows there are."""
    found = explained(office, "du-old", A1, "2022")
    data, page, lines = as_data(found), "".join(html_parts(found, "en")), "\n".join(text_lines(found, "en"))
    assert (data["parts"][0]["value"], data["parts"][0]["suppressed"], data["parts"][0]["rows"]) == (None, True, [])
    assert (data["verdict"]["numerator"], data["verdict"]["by"], data["bounds"]) == (None, None, [])
    assert json.loads("".join(json_parts(found)))["rows"] == []
    assert "numerator = <5" in lines
    assert "<5" in page.replace("&lt;", "<")
    assert "P000001" not in page
    with pytest.raises(CommLMSError, match="not listed row by row"):
        list(found.rows())
    county = explained(office, "offices.old_people", COUNTY, "2022")
    assert [r.row for r in county.rows() if r.adds] == ["×<5"]


def test_a_schools_part_of_a_group_is_not_told_apart() -> None:
    """A figure of a group of people by school would give the small ones away: below the county none is shown."""
    scope = '{ level = "village", subject = "institution" }'
    target = ("pupils", "offices.pupils", ">=", "达到", "1", "count", scope, "each", "达到1人", "")

    class Groups(Duties):
        @hookimpl
        def register_metrics(self) -> list[Metric]:
            return [*super().register_metrics(), Metric(
                "offices.pupils", "学员", "pupils", Rows("offices.post", value="persons"), population="offices.old")]

    host = Host(modules={"offices": Groups(lambda: read(pack((target,))))}, without=["policies", "seniors"])
    with city(host=host) as lms:
        lms.add([{"code": f"P{n}", "institution": f"I-{at}", "persons": n} for n, at in ((9, A1), (3, A2), (1, B1))], "offices.post")
        found = [explained(lms, "du-pupils", at, "2022").parts[0] for at in (A1, A2)]
        assert [(p.value, p.hidden) for p in found] == [(None, "linked"), (None, "small")]


def test_an_empty_register_is_no_data_and_not_zero() -> None:
    """Not a single training anywhere: no figure, and which register it is that has none."""
    with city(host=duties()) as lms:
        found = explained(lms, "du-trainings", COUNTY, "2022")
        assert (found.parts[0].value, found.missing and found.missing.en) == (None, "the register training has no row")
        assert facts(found)["verdict"] == "no data"
        assert "numerator = —" in "\n".join(text_lines(found, "en"))


def test_a_verdict_by_statement_lists_the_statements() -> None:
    """The document names who is believed: the later of two statements counts, our own figure stands beside."""
    more = 'basis = "permanent"\nstated = { zh = "统计部门", en = "the statistics office" }'
    target = ("told", "offices.posts_ratio", ">=", "达到", "10", "percent", '{ level = "county" }', "each", "达到10%", more)
    with city(host=duties(pack((target,)))) as lms:
        fill(lms)
        told = {"place": COUNTY, "period": "2022", "metric": "offices.posts_ratio"}
        lms.add([
            told | {"source_name": "统计局", "value": 150, "of": 1000, "stated": "2023-02-01"},
            told | {"source_name": "教育局", "value": 200, "of": 1000, "stated": "2023-01-01"},
        ], "reported")
        found = explained(lms, "du-told", COUNTY, "2022")
        assert [(r.part, r.detail, r.adds, r.left_out.en if r.left_out else "") for r in found.rows()] == [
            ("numerator", "统计局 2023-02-01", 150, ""), ("numerator", "教育局 2023-01-01", 0, "a later statement counts"),
            ("denominator", "统计局 2023-02-01", 1000, ""), ("denominator", "教育局 2023-01-01", 0, "a later statement counts"),
        ]
        assert [(p.name, p.value) for p in found.parts] == [("numerator", 150), ("denominator", 1000)]
        assert "recorded here, not judged by: 8 / 1430" in [line.en for line in found.beside]
        assert facts(found)["verdict"] == "met"


def test_a_running_year_is_judged_from_today(office: LMS) -> None:
    """Today is 1 June 2023: the year 2023 is judged as of that day, and the rule is in force on it."""
    assert "on 2023-06-01" in facts(explained(office, "du-ratio", COUNTY, "2023"))["in_force"]
    judged = {j.target: j for _, j in office.judge(as_of=dt.date(2023, 6, 1)) if len(j.places) == 1}
    assert explained(office, "du-ratio", COUNTY, "2023").judgement == judged["du-ratio"]
