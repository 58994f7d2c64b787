"""Entries about what the documents say besides their numbers: networks, who does what, words, when they are in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs
import pytest

import commlms
from commlms import LMS, Policy
from commlms.core.policies import with_repeals


@pytest.fixture(scope="module")
def lms() -> Iterator[LMS]:
    """An empty database with every bundled plugin."""
    with commlms.LMS(lang="en", today=dt.date(2023, 6, 30), keys=[]) as opened:
        yield opened


@pytest.fixture(scope="module")
def documents(lms: LMS) -> dict[str, Policy]:
    """The five documents by their ids."""
    return {p.id: p for p in lms.registry.policies.values()}


def roles(policy: Policy) -> dict[str, str]:
    return {d.label.zh: d.role for d in policy.departments}


@pytest.mark.requirement("R056")
def test_a_network_says_what_is_its_head_its_backbone_and_its_base(documents: dict[str, Policy]) -> None:
    """In Guangdong the township's school has no part in the formula; in Guangzhou it is the backbone."""
    guangdong, guangzhou = documents["000"].networks[0], documents["002"].networks[0]
    assert (guangdong.head, guangdong.backbone, guangdong.base) == ("开放大学", "社区大学和社区学院", "社区教育学习站(点)")
    named = guangdong.head + guangdong.backbone + guangdong.base
    assert [x.label.zh for x in documents["000"].levels if x.label.zh not in named and x.order in range(1, 5)] == ["社区学校"]
    assert guangzhou.backbone == "街镇社区学校"


@pytest.mark.requirement("R058")
def test_the_city_university_has_two_supervisors_and_guides_the_city(documents: dict[str, Policy]) -> None:
    level = documents["000"].level("city")
    assert level is not None
    assert level.supervised_by == ("市政府", "市教育行政部门")
    assert "负责具体指导全市社区教育业务发展" in [d.zh for d in level.duties]


@pytest.mark.requirement("R251")
def test_wanzhou_has_a_coordinator_a_lead_and_departments_with_duties(documents: dict[str, Policy]) -> None:
    """One coordinates, one leads; seventeen departments have duties of their own or shared, and the townships carry them out."""
    found = roles(documents["001"])
    assert (found["区政府"], found["区教委"]) == ("coordinate", "lead")
    assert list(found.values()).count("lead") == 1
    assert len([r for r in found.values() if r in ("duty", "shared duty")]) == 17
    assert found["各镇乡街道"] == "implement"


@pytest.mark.requirement("R305", "R419", "R456")
def test_each_model_of_governance_is_data_and_maps_its_phrases_to_actors(documents: dict[str, Policy]) -> None:
    """Guangdong's education department leads, Guangzhou's is in charge; Gongshu has five parts, Panzhihua four."""
    models = {m.id: {p.label.zh: p.actor for p in m.parts} for d in documents.values() for m in d.models}
    assert models["gz-model"]["教育部门主管"] == models["gd-model"]["教育部门牵头"] == "education department"
    assert models["gz-model"]["街道乡镇负责"] == "township (street) government"
    assert "街道乡镇负责" not in models["gd-model"]
    assert list(models["gs-model"].values()) == ["party committee", "government", "departments", "society", "all"]
    assert list(models["pzh-model"]) == ["政府主导", "部门联动", "社会支持", "全民参与"]


@pytest.mark.requirement("R338")
def test_one_word_means_a_level_in_one_document_and_all_levels_in_another(documents: dict[str, Policy]) -> None:
    """社区教育学校: the township's school in Guangdong and Wanzhou; in Gongshu no level bears the name, it stands for all three."""
    bearing = {
        key: [x.level for x in d.levels if "社区教育学校" in (x.label.zh, *x.aliases)] for key, d in documents.items()
    }
    assert bearing == {"000": ["township"], "001": ["township"], "002": [], "003": [], "004": []}
    (term,) = [t for t in documents["003"].terms if t.id == "community-education-school"]
    assert "三级的统称" in term.label.zh


@pytest.mark.requirement("R451")
def test_gongshu_judges_from_its_own_day_on_and_names_its_lead(lms: LMS, documents: dict[str, Policy]) -> None:
    """Issued on 2023-04-11, in force from 2023-05-12: the day before nothing is demanded, that day it is."""
    policy = documents["003"]
    assert [policy.in_force(day) for day in (20230411, 20230511, 20230512)] == [False, False, True]
    assert roles(policy)["区教育局"] == "lead"


@pytest.mark.requirement("R452")
def test_what_gongshu_repeals_ends_on_the_day_gongshu_takes_effect(documents: dict[str, Policy]) -> None:
    """The older document, of the former district, binds through 2023-05-11, whatever is asked about that time."""
    older = attrs.evolve(documents["003"], key="xiacheng-2018", number="下政函[2018]13号", effective=20180101, repeals=(), issued=None)
    found = with_repeals({"gongshu-2023": documents["003"], "xiacheng-2018": older})["xiacheng-2018"]
    assert [found.in_force(day) for day in (20221231, 20230511, 20230512)] == [True, True, False]
    assert found.repealed_by == "拱政发〔2023〕16号"


@pytest.mark.requirement("R525")
def test_panzhihuas_zone_has_the_duties_of_a_county_and_is_none(documents: dict[str, Policy]) -> None:
    """The annex gives both the same four duties; sentences that name the counties only do not bind the zone."""
    found = {d.id: d for d in documents["004"].departments}
    counties, zone = found["pzh-counties"], found["pzh-hightech-zone"]
    assert (zone.duties, zone.levels) == (counties.duties, ("county",))
    assert len(zone.duties) == 4
    assert {t.id for t in documents["004"].targets if t.without == "zone"} == {
        "pzh-training-county", "pzh-naming-interval", "pzh-quality-brand-2021",
    }


@pytest.mark.requirement("R543", "R544", "R546")
def test_panzhihuas_annex_is_loaded_with_each_bodys_duties(documents: dict[str, Policy]) -> None:
    """Nineteen city bodies, the counties and the zone; the education bureau leads with four duties; two bodies bear one duty together."""
    departments = {d.id: d for d in documents["004"].departments}
    city = [d for d in departments.values() if d.levels == ("city",)]
    assert (len(city), len(departments)) == (19, 21)
    assert all(d.duties and d.clause.startswith("附件") for d in departments.values())
    assert (departments["pzh-education-sports"].role, len(departments["pzh-education-sports"].duties)) == ("lead", 4)
    publicity, culture = departments["pzh-publicity"], departments["pzh-culture-tourism"]
    assert publicity.duties == culture.duties
    assert (publicity.shared_with, culture.shared_with) == ((culture.id,), (publicity.id,))
