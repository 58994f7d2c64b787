"""Policies: the contract, five documents over one model, and verdicts that name what is missing."""

import datetime as dt

import pytest

import commlms_policies
from commlms import LMS, Place
from commlms.testing import check_plugin, load_alone, open_lms


@pytest.fixture
def lms() -> LMS:
    """An empty database with the packs and nothing else."""
    return open_lms(load_alone("policies", commlms_policies))


def test_policies_keeps_the_contract() -> None:
    """What every plugin is held to."""
    check_plugin("policies")


def test_the_five_documents_load_together(lms: LMS) -> None:
    """Each under its own id, with the number as printed, damage included."""
    numbers = {p.id: p.number for p in lms.registry.policies.values()}
    assert numbers == {
        "000": "粤教职〔20163", "001": "万州府办发〔2013〕31号", "002": "穗教函〔2012〕1114号", "003": "拱政发〔2023〕16号",
        "004": "攀办发〔2019〕70号",
    }


def test_levels_have_the_names_of_their_own_document(lms: LMS) -> None:
    """The township's institution is called otherwise in Guangdong, Gongshu and Panzhihua."""
    levels = [p.level("township") for p in lms.registry.policies.values() if p.id in ("000", "003")]
    names = {level.label.zh for level in levels if level is not None}
    assert len(names) == 2


def test_a_target_without_its_record_answers_no_data_and_names_it(lms: LMS) -> None:
    """Guangzhou's yuan per head asks for funds: the plugin that holds them is not loaded here."""
    lms.add([Place(code="44", name="广东省", level="province"), Place(code="4401", name="广州市", level="city", parent="44")])
    lms.add(Place(code="440106", name="天河区", level="county", parent="4401"))
    found = [j for _, j in lms.judge(["002"], as_of=dt.date(2022, 12, 31)) if j.target == "gz-fund-per-head"]
    assert found
    assert {j.verdict for j in found} == {"no_data"}
    assert all(j.why is not None and "经费" in j.why.zh and "funds" in j.why.en for j in found)


def test_a_document_binds_only_where_its_place_is_in_the_database(lms: LMS) -> None:
    """Without places every target of every document is not applicable, and says why."""
    found = lms.judge(as_of=dt.date(2022, 12, 31))
    assert found
    assert {j.verdict for _, j in found} == {"not_applicable"}
    assert all(j.why is not None for _, j in found)
