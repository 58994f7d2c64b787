"""Publishing: complete or not at all, the same content as the same bytes, one key and one database a folder."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import commlms
from commlms import LMS, LakeError
from commlms.cli.main import main
from commlms.lake import files, layout
from commlms.lake.files import Lake
from commlms.lake.layout import Manifest
from commlms.lake.pseudonyms import pseudonym
from tests.measure.city import A1, A2, B1, COUNTY, STREET, TOWN, attend, city, headcount, learners, session

KEY, OTHER = b"l" * 32, b"o" * 32


def published(lms: LMS, lake: Path, **options: Any) -> Manifest:
    """What the city publishes under the test's lake key."""
    return commlms.publish(lms, lake, keys=[KEY], **options).manifest


def filled(path: Path | None = None) -> LMS:
    """Three people at a session in the first village, one of them at a second one a year later."""
    lms = city(path)
    learners(lms, A1, "P1", "P2", born="1950-05-06")
    learners(lms, B1, "P3", born="1980-01-02", sex="male")
    session(lms, "S1", A1, "2021-03-05", minutes=60)
    session(lms, "S2", B1, "2022-04-05", minutes=90)
    attend(lms, "S1", "P1", "P2", "P3")
    attend(lms, "S2", "P3")
    headcount(lms, "S1", "present", 9)
    return lms


def tree(lake: Path) -> dict[str, bytes]:
    """Every file of a lake with its content."""
    return {p.relative_to(lake).as_posix(): p.read_bytes() for p in sorted(lake.rglob("*")) if p.is_file()}


def rows(lake: Path, manifest: Manifest, table: str) -> list[dict[str, Any]]:
    """A published table's rows, read without looking at the folders' names."""
    found = [pq.ParquetFile(lake / manifest.uid / f.path).read().to_pylist() for f in manifest.tables[table].files]
    return [row for part in found for row in part]


def test_what_is_published_is_where_the_manifest_says_with_its_size_and_digest(tmp_path: Path) -> None:
    with filled() as lms:
        manifest = published(lms, tmp_path / "lake")
        held = tree(tmp_path / "lake")
        uid = lms.database.uid
        assert held.keys() == {f"{uid}/{p}" for p in manifest.paths} | {f"{uid}/CURRENT", f"{uid}/{manifest.name}"}
        assert held[f"{uid}/CURRENT"].decode() == manifest.name == f"manifest-{layout.digest(manifest.to_json().encode())}.json"
        for table in manifest.tables.values():
            for file in table.files:
                content = held[f"{uid}/{file.path}"]
                assert len(content) == file.bytes
                assert file.sha256.startswith(layout.digest(content))
                assert Path(file.path).stem == layout.digest(content)
                assert pq.ParquetFile(tmp_path / "lake" / uid / file.path).metadata.num_rows == file.rows


def test_facts_lie_by_the_hosts_county_and_year_people_by_the_county_of_their_home(tmp_path: Path) -> None:
    with filled() as lms:
        learners(lms, None, "P4")
        attend(lms, "S1", "P4")
        manifest = published(lms, tmp_path / "lake")
    folders = {str(Path(f.path).parent): f.rows for t in manifest.tables.values() for f in t.files}
    assert folders[f"participation/county={COUNTY}/year=2021"] == 4
    assert folders[f"participation/county={COUNTY}/year=2022"] == 1
    assert folders[f"session/county={COUNTY}/year=2021"] == folders[f"headcount/county={COUNTY}/year=2021"] == 1
    assert folders[f"learner/county={COUNTY}"] == 3
    assert folders["learner/county=none"] == 1
    assert (manifest.learners, manifest.unmatched) == (4, 4)
    assert [f.year for f in manifest.tables["participation"].files] == [2021, 2022]


def test_facts_are_sorted_by_person_then_session(tmp_path: Path) -> None:
    with filled() as lms:
        session(lms, "S3", A1, "2021-06-01")
        attend(lms, "S3", "P2", "P1")
        manifest = published(lms, tmp_path / "lake")
    for file in manifest.tables["participation"].files:
        found = pq.ParquetFile(tmp_path / "lake" / manifest.uid / file.path).read().to_pylist()
        assert found == sorted(found, key=lambda r: (r["learner"], r["session"]))


def test_publishing_twice_writes_nothing_and_leaves_every_byte(tmp_path: Path) -> None:
    with filled() as lms:
        first = commlms.publish(lms, tmp_path / "lake", keys=[KEY])
        held = tree(tmp_path / "lake")
        second = commlms.publish(lms, tmp_path / "lake", keys=[KEY])
        assert first.manifest == second.manifest
        assert (second.written, second.unchanged, second.deleted) == (0, first.written, 0)
        assert tree(tmp_path / "lake") == held


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    with filled() as lms:
        manifest = published(lms, tmp_path / "lake")
        assert Lake.at(tmp_path / "lake").manifests() == {lms.database.uid: manifest}
        assert Lake.at((tmp_path / "lake").as_uri()).manifest(lms.database.uid) == manifest


def test_pending_check_ins_are_published(tmp_path: Path) -> None:
    with filled() as lms:
        lms.check_in("P1", "S2")
        assert published(lms, tmp_path / "lake").tables["participation"].rows == 5


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    """A new participation of 2022: its file, and the manifest; what lay there is deleted."""
    with filled() as lms:
        commlms.publish(lms, tmp_path / "lake", keys=[KEY])
        before = set(tree(tmp_path / "lake"))
        attend(lms, "S2", "P1")
        done = commlms.publish(lms, tmp_path / "lake", keys=[KEY])
        new = {p.split("/")[1] for p in set(tree(tmp_path / "lake")) - before if p.endswith(".parquet")}
        assert (done.written, done.deleted) == (len(new), len(new) + 1)
        assert new == {"participation"}


def test_the_next_publication_holds_nothing_of_the_erased(tmp_path: Path) -> None:
    with filled() as lms:
        published(lms, tmp_path / "lake")
        row = lms.database.one("SELECT id FROM learner WHERE code = 'P3'")
        name = pseudonym(KEY, lms.database.uid, row, None).hex()
        where = tmp_path / "lake"
        assert name in {r["learner"] for r in rows(where, published(lms, where), "participation")}
        lms.people.erase("P3")
        manifest = published(lms, where)
        for file in where.rglob("*.parquet"):
            assert name not in str(pq.ParquetFile(file).read().to_pylist())
        assert name.encode() not in b"".join(tree(where).values())
        assert rows(where, manifest, "erased_visit") == [
            {"session": layout.global_id(manifest.uid, s), "persons": 1} for s in (1, 2)
        ]
        # One person of 2021 and one of 2022, who lived in the other village: settled, without a name.
        total = next(m.column for m in manifest.measures if m.text == commlms.Total().text)
        settled = {(r["place"], r["year"]): r[total] for r in rows(where, manifest, "settled")}
        assert settled == {(layout.place_number(B1), 2021): 1, (layout.place_number(B1), 2022): 1}


def test_people_without_any_participation_stay_at_home(tmp_path: Path) -> None:
    with filled() as lms:
        learners(lms, A1, "P9")
        manifest = published(lms, tmp_path / "lake")
        assert manifest.tables["learner"].rows == 3


def test_homes_are_cut_to_the_level_as_of_the_places_own_dates(tmp_path: Path) -> None:
    """The village goes to the other township in July 2021: its people's home is the one until then, the other one after."""
    with filled() as lms:
        lms.add({"code": A1, "name": "桥东社区", "level": "village", "area": "urban", "parent": TOWN, "since": "2021-07-01"}, "place")
        manifest = published(lms, tmp_path / "lake", level="township")
        states = {(r["since"], r["until"], r["home"]) for r in rows(tmp_path / "lake", manifest, "learner_state")}
        street, town = layout.place_number(STREET), layout.place_number(TOWN)
        assert states == {(0, 20210701, street), (20210701, 99991231, town), (0, 99991231, town)}
        assert manifest.level == "township"
        shown = {r["place"] for r in rows(tmp_path / "lake", manifest, "shown_total")}
        assert layout.place_number(A1) not in shown


def test_measures_of_the_kind_of_home_are_only_shown_where_the_home_is_cut(tmp_path: Path) -> None:
    with filled() as lms:
        exact, cut = (
            {m.text for m in published(lms, tmp_path / level, level=level).measures if m.how == "shown"} for level in ("village", "county")
        )
        assert exact < cut
        assert all('"home_' in text for text in cut - exact)


def test_a_home_above_the_level_stays(tmp_path: Path) -> None:
    with filled() as lms:
        learners(lms, COUNTY, "P5")
        attend(lms, "S1", "P5")
        manifest = published(lms, tmp_path / "lake", level="township")
        assert layout.place_number(COUNTY) in {r["home"] for r in rows(tmp_path / "lake", manifest, "learner_state")}


def test_a_place_has_one_number_in_every_database_and_an_ended_ones_code_can_be_used_again(tmp_path: Path) -> None:
    with city() as one, city() as two:
        two.add({"code": A2, "name": "桥西社区", "level": "village", "parent": STREET, "until": "2022-01-01"}, "place")
        two.add({"code": A2, "name": "新村", "level": "village", "parent": TOWN, "since": "2022-01-01"}, "place")
        keys = [
            {r["key"]: r["id"] for r in rows(tmp_path / "lake", published(lms, tmp_path / "lake"), "place")} for lms in (one, two)
        ]
        assert keys[0].items() < keys[1].items() or keys[0].keys() == keys[1].keys()
        assert all(number == layout.place_number(key) for each in keys for key, number in each.items())


def test_an_id_number_gives_one_pseudonym_in_two_databases_under_one_office_key(tmp_path: Path) -> None:
    number = "11010519491231002X"
    found = []
    for _ in range(2):
        lms = city(keys=[b"k" * 32])
        with lms:
            learners(lms, A1, "P1", id_number=number)
            learners(lms, A1, "P2")
            session(lms, "S1", A1, "2021-03-05")
            attend(lms, "S1", "P1", "P2")
            manifest = published(lms, tmp_path / "lake")
            found.append({r["id"]: r["known"] for r in rows(tmp_path / "lake", manifest, "learner")})
            assert manifest.unmatched == 1
    shared = found[0].keys() & found[1].keys()
    assert [found[0][name] for name in shared] == [1]


def test_another_key_than_the_lakes_is_refused_and_an_older_one_in_the_file_is_found(tmp_path: Path) -> None:
    with filled() as one, filled() as two:
        published(one, tmp_path / "lake")
        with pytest.raises(LakeError, match="under another key"):
            commlms.publish(two, tmp_path / "lake", keys=[OTHER])
        with pytest.raises(LakeError, match="under another key"):
            commlms.publish(one, tmp_path / "lake", keys=[OTHER])
        commlms.publish(two, tmp_path / "lake", keys=[OTHER, KEY])
        assert len({m.key for m in Lake.at(tmp_path / "lake").manifests().values()}) == 1


def test_the_office_key_is_no_lake_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lms = city(keys=[KEY])
    with lms:
        learners(lms, A1, "P1", id_number="11010519491231002X")
        with pytest.raises(LakeError, match="office key too"):
            published(lms, tmp_path / "lake")
    office = tmp_path / "office.key"
    office.write_text(KEY.hex(), encoding="ascii")
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(office))
    with filled() as other, pytest.raises(LakeError, match="office key too"):
        published(other, tmp_path / "lake")


def test_without_a_lake_key_nothing_is_written(tmp_path: Path) -> None:
    with filled() as lms, pytest.raises(LakeError, match="key new --lake"):
        commlms.publish(lms, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_another_database_of_the_same_uid_is_refused(tmp_path: Path) -> None:
    with filled() as one, filled() as two:
        two.database.set_meta("uid", one.database.uid)
        published(one, tmp_path / "lake")
        held = tree(tmp_path / "lake")
        with pytest.raises(LakeError, match=f"another database of the uid {one.database.uid}"):
            published(two, tmp_path / "lake")
        assert tree(tmp_path / "lake") == held


def test_a_second_publication_of_the_same_database_is_refused_while_one_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled(tmp_path / "c.db") as one, LMS(tmp_path / "c.db", host=one.host) as two:
        put = Lake.put

        def meanwhile(self: Lake, path: str, file: Path) -> None:
            with pytest.raises(LakeError, match="being published already"):
                published(two, tmp_path / "lake")
            put(self, path, file)

        monkeypatch.setattr(Lake, "put", meanwhile)
        manifest = published(one, tmp_path / "lake")
        monkeypatch.undo()
        assert published(two, tmp_path / "lake") == manifest


def test_nothing_uncommitted_is_published(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    with city(connection=connection) as lms:
        connection.execute("BEGIN")
        with pytest.raises(LakeError, match="commit the open transaction"):
            published(lms, tmp_path / "lake")
        connection.execute("COMMIT")
        assert published(lms, tmp_path / "lake").tables["place"].rows == 10
    connection.close()


def test_a_full_disk_is_one_sentence_and_what_was_published_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled() as lms:
        published(lms, tmp_path / "lake")
        held = tree(tmp_path / "lake")
        attend(lms, "S2", "P1")

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Lake, "put", full)
        with pytest.raises(LakeError, match=r"cannot be written \(No space left on device\); what was published before is as it was"):
            published(lms, tmp_path / "lake")
        assert tree(tmp_path / "lake") == held
        assert len(lms.imports(every=True)) == len([e for e in lms.imports(every=True) if e.action != "publish"]) + 1


def test_a_place_that_cannot_be_written_or_understood_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with filled() as lms:
        with pytest.raises(LakeError, match="cannot be written"):
            published(lms, tmp_path / "file")
        with pytest.raises(LakeError, match="address nowhere://h/x cannot be understood"):
            commlms.publish(lms, "nowhere://me:secret@h/x?token=1", keys=[KEY])


def test_without_pyarrow_one_sentence_names_the_extra(tmp_path: Path) -> None:
    """In a process of its own in which pyarrow cannot be imported."""
    script = (
        "import sys\nsys.modules['pyarrow'] = None\nfrom commlms.cli.main import main\n"
        f"main(['--db', {str(tmp_path / 'c.db')!r}, '--lang', 'en', 'publish', {str(tmp_path / 'lake')!r}])"
    )
    with filled(tmp_path / "c.db"):
        pass
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "a lake needs pyarrow; run pip install 'commlms[lake]'\n")


def test_a_damaged_or_a_later_manifest_is_one_sentence(tmp_path: Path) -> None:
    with filled() as lms:
        manifest = published(lms, tmp_path / "lake")
        path = tmp_path / "lake" / lms.database.uid / manifest.name
        for text, sentence in (("{", "damaged"), (manifest.to_json().replace('"format": 1', '"format": 9'), "has form 9")):
            path.write_text(text, encoding="utf-8")
            with pytest.raises(LakeError, match=sentence):
                Lake.at(tmp_path / "lake").manifests()
        path.unlink()
        with pytest.raises(LakeError, match="gone from the lake"):
            Lake.at(tmp_path / "lake").manifest(lms.database.uid)


def test_the_journal_names_the_lake_without_credentials(tmp_path: Path) -> None:
    with filled() as lms:
        published(lms, tmp_path / "lake")
        entry = lms.imports(every=True)[0]
        assert (entry.action, entry.file) == ("publish", str(tmp_path / "lake"))
        with pytest.raises(commlms.UndoRefused, match="publish again"):
            lms.undo(entry.id)
    assert files.without_credentials("s3://me:secret@bucket/path?region=x&token=y") == "s3://bucket/path"
    assert files.without_credentials("s3://bucket/path") == "s3://bucket/path"


def test_a_store_without_renaming_gets_whole_files(tmp_path: Path) -> None:
    """A file system that is not this machine's disk, as pyarrow sees it."""
    from pyarrow import fs

    with filled() as lms:
        manifest = published(lms, tmp_path / "lake")
        (tmp_path / "store").mkdir()
        remote = Lake(fs.SubTreeFileSystem(str(tmp_path / "store"), fs.LocalFileSystem()), "lake", "store")
        assert remote.folder is None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Lake, "at", classmethod(lambda cls, url: remote))
            assert published(lms, tmp_path / "elsewhere") == manifest
        assert tree(tmp_path / "store" / "lake") == tree(tmp_path / "lake")


def test_the_command_publishes_with_the_key_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    with filled(tmp_path / "c.db") as lms:
        uid = lms.database.uid
    monkeypatch.setenv("COMMLMS_LAKE_KEY_FILE", str(tmp_path / "lake.key"))
    monkeypatch.setenv("COMMLMS_DB", str(tmp_path / "c.db"))
    monkeypatch.setenv("COMMLMS_LANG", "en")
    for words in (["key", "new", "--lake"], ["key", "show", "--lake"], ["publish", str(tmp_path / "lake"), "--level", "county"]):
        with pytest.raises(SystemExit) as end:
            main(words)
        assert end.value.code == 0
    said = capsys.readouterr().out
    manifest = Lake.at(tmp_path / "lake").manifest(uid)
    assert manifest is not None
    assert manifest.key in said
    assert f"lake/{uid}: " in said
    assert "of 3 learner(s), 3 of them without an ID number" in said
    assert "homes down to the level county" in said
