"""The five packs: what they carry, how they stack, and what `policies check` refuses."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

import commlms
from commlms import PolicyError, policy_from_toml
from commlms.core.pack_checks import check_against

ROOT = Path(__file__).parents[2]
PACKS = sorted((ROOT / "plugins" / "policies" / "commlms_policies" / "packs").glob("*.toml"))


def guangzhou(lms: commlms.LMS) -> None:
    """Guangdong with Guangzhou in it, one district, 1,000 residents of the city, 2 of them learned in 2020."""
    places = [("44", "粤省", "province", ""), ("4401", "穗市", "city", "44"), ("440103", "甲区", "county", "4401")]
    lms.add([{"code": c, "name": n, "level": level, "parent": p} for c, n, level, p in places], "place")
    lms.add([
        {"place": "44", "on": "2020-11-01", "basis": "permanent", "group": g, "persons": n, "nature": "census"}
        for g, n in (("all", 4), ("employed", 2), ("minors", 2))
    ], "residents")
    lms.add([{"code": "J1", "name": "甲区社区学院", "place": "440103"}], "institution")
    lms.add([
        {"code": "L1", "name": "甲", "born": "1950-01-01", "home": "440103", "occupation": "retired"},
        {"code": "L2", "name": "乙", "born": "2010-01-01", "home": "440103", "occupation": "student"},
    ], "learner")
    lms.add([{"code": "S1", "institution": "J1", "on": "2020-05-06", "start": "09:00", "theme": "讲座"}], "session")
    lms.add([{"learner": code, "session": "S1"} for code in ("L1", "L2")], "participation")


def test_a_province_and_its_city_bind_the_same_place_together() -> None:
    """Guangzhou lies in Guangdong: one database, both documents, each with its own level names and rules.

    Without the plugins of money and statuses the fund has no data, and what is missing is said by the document's own word.
    """
    with commlms.LMS(lang="en", today=dt.date(2021, 6, 1), without=["funding", "recognition"]) as lms:
        guangzhou(lms)
        found = {j.target: (p, j) for p, j in lms.judge(["000", "002"])}
        province, resident = found["gd-resident-participation-2020"]
        assert (resident.verdict, resident.numerator, resident.denominator, resident.needed) == ("met", 2, 4, 2)
        minor = found["gd-minor-participation-2020"][1]
        assert (minor.verdict, minor.numerator, minor.denominator) == ("met", 1, 2)
        city, fund = found["gz-fund-per-head"]
        assert fund.verdict == "no_data"
        assert fund.why is not None
        assert fund.why.en.startswith("funds")
        assert fund.why.zh.startswith("经费")
        names = [p.level("county").label.zh for p in (province, city)]  # type: ignore[union-attr]  # both have the level
        assert names == ["社区学院", "广州社区学院分院"] or names[0] != names[1]
        region = found["gd-prd-resident-participation-2020"][1]
        assert region.verdict == "no_data"
        assert region.why is not None
        assert region.why.en == "the database lacks places of the region: 4403, 4404, 4406, 4407, 4412, 4413, 4419, 4420"


def test_employed_people_are_counted_against_employed_residents_only() -> None:
    """Neither learner is employed: 0 of 2, and nothing unnamed, so short by the 2 that 60 % of 2 asks."""
    with commlms.LMS(lang="en", today=dt.date(2021, 6, 1)) as lms:
        guangzhou(lms)
        judged = {j.target: j for _, j in lms.judge(["000"])}
        assert (judged["gd-workforce-participation-2020"].numerator, judged["gd-workforce-participation-2020"].needed) == (0, 2)


def test_gongshu_is_in_force_from_its_own_day() -> None:
    """003 takes effect on 2023-05-12, a month after it was issued, and repeals an older rule."""
    with commlms.LMS(lang="en") as lms:
        policy = lms.registry.policies["gongshu-2023"]
        assert not policy.in_force(20230511)
        assert policy.in_force(20230512)
        assert [r.number for r in policy.repeals] == ["下政函[2018]13号"]


@pytest.mark.requirement("R001")
def test_issue_and_publication_are_two_dates_and_the_number_is_as_printed() -> None:
    """000 was issued on 2016-02-19 and published two years later; it is in force from the first."""
    with commlms.LMS(lang="en") as lms:
        policy = lms.registry.policies["guangdong-2016"]
        assert (policy.issued, policy.published, policy.effective) == (20160219, 20180424, 20160219)
        assert policy.number == "粤教职〔20163"


@pytest.mark.parametrize("path", PACKS, ids=lambda p: p.stem)
def test_a_bundled_pack_passes_its_check(path: Path) -> None:
    with commlms.LMS(lang="en") as lms:
        check_against(policy_from_toml(path), lms.registry.metrics, lms.host.names | {"core"})


GOOD = (ROOT / "plugins" / "policies" / "commlms_policies" / "packs" / "panzhihua-2019.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "word"), [
    ('clause = "一"', 'clause = ""', "clause"),
    ("value = 50", "value = 150", "cannot be met"),
    ("due = 2020-12-31", "due = 2018-12-31", "due"),
    ('judge = "each"', 'judge = "all"', "judge"),
    ('compare = ">="', 'compare = "≥"', "compare"),
    ('metric = "core.participation"', 'metric = "core.particpation"', "core.particpation"),
    ('window = "year"', 'windw = "year"', "windw"),
    ('tree = "reporting"', 'tree = "family"', "tree"),
    ("due = 2020-12-31", "due = 2020-12-31\nstanding = true", "exactly one"),
    ("effective = 2019-09-11", "effective = 2019-09-11\nrepealed = 2019-01-01", "repealed"),
    ('scope = { level = "city" }', 'scope = { level = "town" }', "scope"),
    ("[policy]", "[policy", "TOML"),
])
def test_a_wrong_pack_is_refused_with_file_line_and_reason(tmp_path: Path, old: str, new: str, word: str) -> None:
    """The line named is the line that was changed."""
    path = tmp_path / "wrong.toml"
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with commlms.LMS(lang="en") as lms, pytest.raises(PolicyError) as raised:
        check_against(policy_from_toml(path), lms.registry.metrics, lms.host.names | {"core"})
    assert word in str(raised.value)
    assert raised.value.file == "wrong.toml"
    changed = next(i for i, (a, b) in enumerate(zip(GOOD.split("\n"), text.split("\n"), strict=False), start=1) if a != b)
    assert abs(raised.value.line - changed) <= 1


def test_policies_check_speaks_and_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text(GOOD.replace("value = 50", "value = 150", 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "commlms", "--lang", "zh", "policies", "check", str(path)], capture_output=True, text=True, encoding="utf-8",
    )
    assert done.returncode == 1
    assert "local.toml 第" in done.stderr
    assert "Traceback" not in done.stderr


def test_judge_in_json_carries_rule_and_level_names(tmp_path: Path) -> None:
    with commlms.LMS(tmp_path / "c.db", lang="en") as lms:
        guangzhou(lms)
    words = ["--db", str(tmp_path / "c.db"), "judge", "--policy", "000", "--policy", "gz", "--as-of", "2021-06-01", "--format", "json"]
    done = subprocess.run([sys.executable, "-m", "commlms", *words], capture_output=True, text=True, encoding="utf-8", check=True)
    rows = {row["target"]: row for row in json.loads(done.stdout)}
    assert rows["gd-resident-participation-2020"]["quote"] == "城乡居民社区教育活动年参与率达50%以上"
    assert rows["gd-resident-participation-2020"]["levels"]["city"]["zh"] == "社区大学"
    assert rows["gz-fund-per-head"]["levels"]["city"]["zh"] != "社区大学"
    assert rows["gz-fund-per-head"]["verdict"] == "no_data"
