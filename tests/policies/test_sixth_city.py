"""The example of a sixth city: a folder with one short file, beside the bundled documents."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

import commlms
from commlms import Host, Policy
from commlms.opening import check_policy

EXAMPLE = Path(__file__).parents[2] / "examples" / "sixth_city"
PACK = EXAMPLE / "commlms_qingrong" / "qingrong-2019.toml"


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(plugins_dir=EXAMPLE)


@pytest.fixture(scope="module")
def city(host: Host) -> Policy:
    return host.registry.policies["qingrong-2019"]


def test_the_file_is_short_and_says_only_what_differs(host: Host) -> None:
    """Under a hundred lines; it passes the check beside the loaded documents."""
    assert len(PACK.read_text(encoding="utf-8").splitlines()) < 100
    assert len(check_policy(PACK, host).targets) == 6


def test_it_loads_beside_the_bundled_documents(host: Host) -> None:
    assert {p.id for p in host.registry.policies.values()} == {"000", "001", "002", "003", "004", "qingrong"}
    assert host.failures == []


def test_it_renames_levels_and_keeps_what_their_institutions_do(host: Host, city: Policy) -> None:
    province = host.registry.policies["guangdong-2016"]
    assert [(x.level, x.label.zh) for x in city.levels] == [
        ("city", "青榕社区大学"), ("county", "社区学院"), ("township", "邻里学堂"), ("village", "社区教育学习站(点)"),
    ]
    for level in ("city", "township"):
        mine, other = city.level(level), province.level(level)
        assert mine is not None
        assert other is not None
        assert (mine.duties, mine.hosts, mine.inherited) == (other.duties, other.hosts, "")
    assert {x.level: x.inherited for x in city.levels if x.inherited} == {"county": "guangdong-2016", "village": "guangdong-2016"}


def test_three_demands_are_higher_and_the_others_are_the_provinces(host: Host, city: Policy) -> None:
    province = {t.id.removeprefix("gd-"): t for t in host.registry.policies["guangdong-2016"].targets}
    changed = {}
    for target in city.targets:
        name = target.id.removeprefix("qr-")
        if target.inherited:
            assert (target.value, target.quote, target.inherited) == (province[name].value, province[name].quote, "guangdong-2016")
        else:
            changed[name] = (str(province[name].value), str(target.value))
    assert changed == {"resident-participation-2020": ("50", "60"), "volunteers-school": ("2", "2.5"), "fund-per-head": ("2", "3")}
    assert len(city.targets) == 6


def test_both_documents_judge_the_city_each_by_its_own_number(host: Host) -> None:
    """11 of 20 residents learned (55 %): the province's 50 % is met, the city's 60 % lacks 1. 50 yuan for 20 residents of the county
    are 2.50 a head: short of 3 by 10 yuan; of the province's 2 nothing is asked where no national zone is sought."""
    with commlms.LMS(host=host, lang="en", today=dt.date(2021, 6, 1)) as lms:
        places = [("44", "粤省", "province", ""), ("4499", "青榕市", "city", "44"), ("449901", "榕县", "county", "4499")]
        lms.add([{"code": c, "name": n, "level": level, "parent": p} for c, n, level, p in places], "place")
        lms.add([
            {"place": c, "on": "2020-11-01", "basis": "permanent", "group": "all", "persons": n, "nature": "census"}
            for c, n in (("44", 20), ("4499", 20), ("449901", 20))
        ], "residents")
        lms.add({"code": "J1", "name": "社区学院", "place": "449901"}, "institution")
        lms.add([{"code": f"L{n}", "name": f"学员{n}", "born": f"19{50 + n}-01-01", "home": "449901"} for n in range(11)], "learner")
        lms.add({"code": "S1", "institution": "J1", "on": "2020-05-06", "theme": "讲座"}, "session")
        lms.add([{"learner": f"L{n}", "session": "S1"} for n in range(11)], "participation")
        lms.add({"place": "449901", "period": "2021", "source": "government", "purpose": "training", "budgeted": 50}, "funding.fund")
        lms.add({
            "place": "4499", "kind": "demonstration", "rank": "nation", "state": "held", "since": "2015-01-01",
        }, "recognition.status")
        found = {j.target: j for _, j in lms.judge(["gd", "qr"])}
    assert (found["gd-resident-participation-2020"].verdict, found["qr-resident-participation-2020"].verdict) == ("met", "short")
    resident, fund = found["qr-resident-participation-2020"], found["qr-fund-per-head"]
    assert (resident.numerator, resident.needed, resident.by) == (11, 12, 1)
    assert (fund.verdict, fund.numerator, fund.denominator, fund.needed, fund.by) == ("short", 5000, 20, 6000, 1000)
    assert found["gd-fund-per-head"].verdict == "not_applicable"


def test_the_commands_of_its_readme_work(tmp_path: Path) -> None:
    """``policies show`` prints the document; ``policies check`` says what is loose, with the file and the line."""
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "commlms", "--plugins-dir", str(EXAMPLE), "--lang", "en", *words]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    shown = run("policies", "show", "qingrong-2019")
    assert (shown.returncode, shown.stderr) == (0, "")
    for word in ("extends: guangdong-2016", "at least 2.5%", "taken over from: guangdong-2016", "neighbourhood hall of learning"):
        assert word in shown.stdout
    loose = tmp_path / "loose.toml"
    text = PACK.read_text(encoding="utf-8").replace("value = 3", "value = 1", 1).replace("不低于3元", "不低于1元")
    loose.write_text(text, encoding="utf-8")
    done = run("policies", "check", str(loose))
    line = text[: text.index("value = 1\n")].count("\n") + 1
    assert done.returncode == 1
    assert f"loose.toml, line {line}: looser than gd-fund-per-head of guangdong-2016: value = 1" in done.stderr
