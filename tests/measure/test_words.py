"""What stands under a figure is what the figure counts, said in labels."""

import datetime as dt

import pytest

from commlms import LMS, Rows, day, has, record, ref, this
from commlms.core.expressions import age, sex, standing
from commlms.core.metrics import Metric
from commlms.core.registry import Registry
from commlms.measure.words import Words


@pytest.fixture
def lms() -> LMS:
    return LMS(today=dt.date(2023, 6, 1))


def said(lms: LMS, key: str) -> tuple[str, str]:
    label = Words(lms.registry).describe(lms.metric(key).numerator)
    return label.zh, label.en


def test_rows_of_a_period_say_the_day_the_condition_and_what_counts_once(lms: LMS) -> None:
    """The days of a 430 school are pairs of organiser and date of sessions of that program in the period."""
    zh, en = said(lms, "youth.school430_days")
    assert zh == "登记「场次」中期内的行，其中项目为430学堂；按不同的主办单位、活动日期计"
    assert en == "different organiser and date among rows of session dated in the period, where program is 430学堂"


def test_rows_inside_a_coverage_say_their_condition(lms: LMS) -> None:
    zh, en = said(lms, "seniors.points")
    assert "其中机构类型为老年学习点" in zh
    assert en.endswith("rows of institution in force at the period's end, where kind is seniors' learning point")


def test_rows_without_days_are_all_rows(lms: LMS) -> None:
    """A register that has no first day is counted whole, whenever its rows came in."""
    label = Words(lms.registry).describe(Rows("course"))
    assert (label.zh, label.en) == ("登记「课程」的全部行", "rows of course")


def test_groups_and_registers_are_called_by_their_labels(lms: LMS) -> None:
    zh, en = said(lms, "farmers.persons")
    assert zh.endswith("；身份为新型职业农民或有登记「职业农民证书」")
    assert en.endswith("; standing is new-type professional farmer or has a row of farmer's certificate")
    assert said(lms, "farmers.certified")[1].endswith("has a row of farmer's certificate (grade is advanced)")
    assert said(lms, "farmers.left_behind_children_persons")[0].endswith("身份为留守人员且年龄<18")


def test_categories_have_their_english_name(lms: LMS) -> None:
    assert "category is smart technology help for seniors" in said(lms, "seniors.digital_reach")[1]


def test_no_rule_of_a_loaded_plugin_holds_a_key(lms: LMS) -> None:
    """Nothing with an underscore, and no key of a register, a population or a standing group of a plugin."""
    words = Words(lms.registry)
    keys = {k for k in lms.registry.records if "." in k}
    for metric in lms.registry.metrics.values():
        for label in (words.describe(m) for m in (metric.numerator, metric.denominator, metric.ceiling) if m is not None):
            assert "_" not in label.zh + label.en, metric.key
            assert not any(key in label.zh + label.en for key in keys), metric.key


def test_an_or_inside_an_and_stands_in_brackets() -> None:
    words = Words(Registry.of_core()).condition((sex.is_("female") | (age < 18)) & (age >= 6))
    assert (words.zh, words.en) == ("（性别为女或年龄<18）且年龄≥6", "(sex is female or age < 18) and age ≥ 6")


@record("words.visit", zh="走访", en="visit", identity=("place", "on"))
class Visit:
    """A register that no plugin declares here."""

    place: str = ref("place", "地点", "place")
    on: dt.date = day("日期", "date")
    learner: str = ref("learner", "学员", "learner")


def test_what_is_not_declared_is_called_by_its_own_word() -> None:
    words = Words(Registry.of_core())
    assert words.condition(standing("elsewhere")).en == "standing is elsewhere"
    assert words.condition(has(Visit)).en == "has a row of words_visit"
    rows = Metric("words.rows", "行", "rows", Rows("words.visit", where=this.kind.is_("x"), day="on"))
    assert words.describe(rows.numerator).en == "rows of words.visit dated in the period, where kind is x"


def test_explain_says_it_in_the_words_of_the_plugins(lms: LMS) -> None:
    lms.add({"code": "1", "name": "市", "level": "city", "since": dt.date(2019, 1, 1)}, "place")
    (part, *_) = lms.explain("farmers.persons", place="1", period="2022").parts
    assert part.words.zh.endswith("身份为新型职业农民或有登记「职业农民证书」")
