"""Moves, corrections, and places that are re-coded or dissolved."""

from __future__ import annotations

from pathlib import Path

from commlms import LMS
from tests.ingest.clerk import counts, csv_file, dump, empty, found

ROSTER = "学员编号,姓名,出生日期,居住地"


def _homes(city: LMS, code: str) -> list[tuple[str, str]]:
    """(since, home) of every state of a learner."""
    return [(r.cells["since"], r.cells["home"]) for r in city.rows("learner") if r.cells["code"] == code]


def test_a_move_with_a_date_opens_a_new_state(city: LMS, tmp_path: Path) -> None:
    """The former home stays what it was."""
    path = csv_file(tmp_path, "学员编号,姓名,居住地,迁入日期", "L1,王芳,510403001001,2022-05-01")
    assert counts(city.import_file("learner", path)) == (1, 0, 1, 0, 0, 0, 0)
    assert _homes(city, "L1") == [("", "510402001001"), ("2022-05-01", "510403001001")]
    assert counts(city.import_file("learner", path)) == (1, 0, 0, 1, 0, 0, 0)


def test_another_home_without_a_date_is_a_conflict(city: LMS, tmp_path: Path) -> None:
    """The sentence says that a change needs its date."""
    result = city.import_file("learner", csv_file(tmp_path, ROSTER, "L1,王芳,1955-08-09,510403001001"))
    assert found(result) == [("conflict", 2, "D2")]
    assert "变动日期" in result.problems[0].say("zh")
    assert _homes(city, "L1") == [("", "510402001001")]


def test_the_old_roster_again_after_the_move_changes_nothing(city: LMS, tmp_path: Path) -> None:
    """It says what was true once: unchanged, and the present home stays."""
    old = csv_file(tmp_path, ROSTER, "L1,王芳,1955-08-09,510402001001", name="old.csv")
    city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,居住地,变动日期", "L1,王芳,510403001001,2022-05-01"))
    before = _homes(city, "L1")
    assert counts(city.import_file("learner", old)) == (1, 0, 0, 1, 0, 0, 0)
    assert _homes(city, "L1") == before


def test_a_change_before_the_latest_one_is_refused(city: LMS, tmp_path: Path) -> None:
    """History is corrected from its end, not written over."""
    city.import_file("learner", csv_file(tmp_path, "学员编号,姓名,居住地,变动日期", "L1,王芳,510403001001,2022-05-01"))
    late = csv_file(tmp_path, "学员编号,姓名,居住地,变动日期", "L1,王芳,510403,2022-04-01")
    assert found(city.import_file("learner", late)) == [("state_before_last", 2, "D2")]


def test_two_moves_in_one_file_land_in_the_order_of_their_dates(city: LMS, tmp_path: Path) -> None:
    """Whatever their order in the file."""
    path = csv_file(
        tmp_path, "学员编号,姓名,居住地,变动日期", "L1,王芳,510402,2022-09-01", "L1,王芳,510403001001,2022-05-01",
    )
    assert city.import_file("learner", path).problems == []
    assert _homes(city, "L1") == [("", "510402001001"), ("2022-05-01", "510403001001"), ("2022-09-01", "510402")]


def test_two_rows_of_one_file_that_differ_in_the_person_are_a_conflict(city: LMS, tmp_path: Path) -> None:
    """A new learner's second row, at a later date, cannot bring another name."""
    path = csv_file(tmp_path, "学员编号,姓名,居住地,变动日期", "N1,赵一,510402,", "N1,钱一,510403,2022-05-01")
    result = city.import_file("learner", path)
    assert found(result) == [("conflict", 3, "B3")]
    assert result.new == 1


def test_a_code_that_is_new_is_a_new_person_even_with_a_known_name_and_birth_date(city: LMS, tmp_path: Path) -> None:
    """Two people of one name and birth date: neither takes the other's code."""
    result = city.import_file("learner", csv_file(tmp_path, ROSTER, "L9,李雷,1970-05-06,"))
    assert result.new == 1
    assert [r.cells["code"] for r in city.rows("learner") if r.cells["name"] == "李雷"] == ["L3", "L9"]


def test_an_id_number_or_a_host_key_is_added_to_the_person_with_that_code(city: LMS) -> None:
    """A key that is not stored yet does not stop the next one from finding its row."""
    changed = city.add([{"code": "L3", "name": "李雷", "source": "平台", "source_key": "77"}], "learner")
    assert (changed.new, changed.changed) == (0, 1)
    assert city.add([{"source": "平台", "source_key": "77", "name": "李雷", "sex": "male"}], "learner").changed == 1
    assert [r.cells["sex"] for r in city.rows("learner") if r.cells["code"] == "L3"] == ["男"]


def test_a_place_is_found_again_under_the_code_it_had_before(tmp_path: Path) -> None:
    """Gongshu, 2021: eight sub-districts of Xiacheng go over with a new code and keep their past."""
    with empty() as lms:
        header = "代码,名称,级别,上级代码,原代码,生效日期,失效日期"
        first = csv_file(
            tmp_path, header, "3301,杭州市,市,,,,", "330103,下城区,县,3301,,,", "330105,拱墅区,县,3301,,,",
            "330103003,长庆街道,街道,330103,,,",
        )
        assert lms.import_file("place", first).new == 4
        merger = csv_file(
            tmp_path, header, "330105018,长庆街道,街道,330105,330103003,2021-04-09,", "330103,下城区,县,3301,,,2021-04-09", name="b.csv",
        )
        result = lms.import_file("place", merger)
        assert (result.new, result.changed, result.problems) == (0, 2, [])
        states = [(r.cells["code"], r.cells["parent"], r.cells["since"], r.cells["until"]) for r in lms.rows("place")]
        assert states[1] == ("330103", "3301", "", "2021-04-09")
        assert [s[:3] for s in states if "0301" in s[0] or s[0].startswith(("330103003", "330105018"))] == [
            ("330103003", "330103", ""), ("330105018", "330105", "2021-04-09"),
        ]
        assert lms.place("330103003", 20210408) == lms.place("330105018", 20210409)
        before = dump(lms)
        assert lms.import_file("place", merger).unchanged == 2
        assert [line for line in dump(lms) if "journal" not in line] == [line for line in before if "journal" not in line]


def test_a_file_with_both_states_of_what_was_re_coded_may_come_again(tmp_path: Path) -> None:
    """A community keeps its sub-district, whose code changed too: the former state names it by the code of that time."""
    with empty() as lms:
        path = csv_file(
            tmp_path, "代码,名称,级别,上级代码,原代码,生效日期", "330103,下城区,县,,,2000-01-01", "330105,拱墅区,县,,,2000-01-01",
            "330103001,长庆街道,街道,330103,,2000-01-01", "330105014,长庆街道,街道,330105,330103001,2021-04-09",
            "330103001051,浙大御跸社区,社区,330103001,,2000-01-01", "330105014001,浙大御跸社区,社区,330105014,330103001051,2021-04-09",
        )
        first = lms.import_file("place", path)
        assert (first.new, first.changed, first.problems) == (4, 2, [])
        again = lms.import_file("place", path)
        assert (again.new, again.changed, again.unchanged, again.problems) == (0, 0, 6, [])


def test_a_place_whose_former_code_is_not_known_may_come_again(tmp_path: Path) -> None:
    """It is taken as it is, and found again by the code it has."""
    with empty() as lms:
        path = csv_file(tmp_path, "代码,名称,级别,原代码,生效日期", "330105014,长庆街道,街道,330103001,2021-04-09")
        assert lms.import_file("place", path).new == 1
        again = lms.import_file("place", path)
        assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_what_is_dated_by_its_period_finds_a_place_that_is_no_more(tmp_path: Path) -> None:
    """A figure of Xiacheng's last years is taken under the code it had; for a year after its end the code means nothing."""
    with empty() as lms:
        lms.import_file("place", csv_file(
            tmp_path, "代码,名称,级别,生效日期,失效日期", "330103,下城区,县,2000-01-01,2021-04-09", "330105,拱墅区,县,2000-01-01,",
        ))
        path = csv_file(
            tmp_path, "地点代码,时期,指标,报数单位,数值", "330103,2020,某指标,甲局,10", "330103,2020H1,某指标,甲局,4",
            "330105,2020,某指标,甲局,20", "330103,2022,某指标,甲局,30", name="reported.csv",
        )
        result = lms.import_file("reported", path)
        assert (result.new, found(result)) == (3, [("unknown_place", 5, "A5")])
        assert [r.cells["place"] for r in lms.rows("reported")] == ["330103", "330103", "330105"]
        header, name = "机构编号,机构名称,所在地,成立日期", "institutions.csv"
        begun = csv_file(tmp_path, header, "J1,甲学院,330103,2012-05-01", "J2,乙学院,330103,2022-05-01", name=name)
        assert found(lms.import_file("institution", begun)) == [("unknown_place", 3, "C3")]


def test_an_end_before_its_start_is_refused(city: LMS, tmp_path: Path) -> None:
    """In the row itself."""
    path = csv_file(tmp_path, "代码,名称,级别,生效日期,失效日期", "5199,某市,市,2022-01-01,2021-01-01")
    assert found(city.import_file("place", path)) == [("ends_before_start", 2, "E2")]


def test_a_parent_may_stand_below_its_child_but_not_be_missing(city: LMS, tmp_path: Path) -> None:
    """A rejected parent takes the rows below it along, each with its reason."""
    path = csv_file(
        tmp_path, "代码,名称,级别,上级代码", "519801,甲区,县,5198", "5198,乙市,市,",
        "519901,丙区,县,5199", "51990101,丁镇,镇,519901",
    )
    result = city.import_file("place", path)
    assert found(result) == [("unknown_ref", 4, "D4"), ("unknown_ref", 5, "D5")]
    assert result.new == 2
