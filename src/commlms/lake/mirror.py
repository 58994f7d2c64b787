"""A lake's mirror: a private database with the lake's places and residents, whose totals an engine counts over the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from commlms.core.engines import Cell, Engine
from commlms.core.errors import CommLMSError, LakeChanged, LakeError
from commlms.core.labels import Label
from commlms.lake.files import Lake, arrow
from commlms.lake.layout import LakeFile, Manifest
from commlms.lake.views import file_url
from commlms.measure.engines import parquet_batches
from commlms.store.database import Database
from commlms.store.geography import place_faults

_STATE = ("owner", "since", "until", "code", "name", "level", "kind", "area", "region", "aliases", "parent", "reports_to")
_RESIDENTS = ("place", "on", "basis", "group", "persons", "persons_about", "nature", "citation")
READ_ONLY = Label(
    "这是数据湖的镜像，只能读；请在各市的数据库中更正，再重新发布",
    "this is a mirror of a lake and can only be read; correct it in the city's database and publish again",
)


@attrs.frozen
class OpenLake:
    """A lake as of one moment: the manifests that counted then. ``url`` is how it was asked for."""

    lake: Lake
    url: str
    manifests: Mapping[str, Manifest]
    _sound: set[str] = attrs.field(factory=set, init=False, repr=False)

    @classmethod
    def at(cls, url: str) -> OpenLake:
        """Read the manifests; raises :class:`LakeError` where nothing is published or the databases do not go together."""
        lake = Lake.at(url)
        with lake.reading():
            manifests = lake.manifests()
        if not manifests:
            raise LakeError(Label(
                "数据湖 {url} 中没有已发布的数据库；请先用 commlms publish 发布",
                "nothing is published in the lake {url}; 'commlms publish' does it"), url=lake.address)
        if len({m.key for m in manifests.values()}) > 1:
            raise LakeError(Label(
                "数据湖中的库是用不同的湖密钥发布的，同一个人会被当成两个人；请用同一密钥重新发布：{uids}",
                "the databases of the lake were published under different lake keys, so that one person would be two; "
                "publish again under one key: {uids}"), uids=", ".join(sorted(manifests)))
        return cls(lake, lake.full("").rstrip("/") if lake.folder else url, manifests)

    def changed(self) -> bool:
        """Whether a database was published anew since."""
        with self.lake.reading():
            now = self.lake.manifests()
        return {uid: m.name for uid, m in now.items()} != {uid: m.name for uid, m in self.manifests.items()}

    @property
    def invented(self) -> bool:
        """Whether any of the databases holds invented data."""
        return any(m.invented for m in self.manifests.values())

    @property
    def day(self) -> str:
        """The day of the last write in any of the databases."""
        return max(m.day for m in self.manifests.values())

    def rows(self, uid: str, table: str, names: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
        """The rows of a small table as one database published it."""
        published = self.manifests[uid].tables.get(table)
        for file in published.files if published else ():
            self.check(uid, file)
            try:
                for columns in parquet_batches(file_url(self.url, f"{uid}/{file.path}"), names):
                    yield from zip(*columns, strict=True)
            except (OSError, arrow("lib").ArrowException) as error:
                raise self._lost(uid, file) from error

    def check(self, uid: str, file: LakeFile) -> None:
        """Raise :class:`LakeError` for a file that is not as it was published: a figure from it would be wrong unseen."""
        path = f"{uid}/{file.path}"
        if path in self._sound:
            return
        with self.lake.reading():
            sound = self.lake.sound(path, file)
        if not sound:
            raise self._lost(uid, file)
        self._sound.add(path)

    def check_facts(self, years: Collection[int] | None) -> None:
        """The same of every file that an engine reads for some years, or for all."""
        for uid, manifest in self.manifests.items():
            for file in (f for table in manifest.tables.values() for f in table.files):
                if years is None or file.year is None or file.year in years:
                    self.check(uid, file)

    def _lost(self, uid: str, file: LakeFile) -> LakeError:
        if self.changed():
            return LakeChanged()
        return LakeError(Label(
            "数据湖中 {uid} 的文件 {file} 已损坏或不见了；请让该库重新发布",
            "the file {file} of {uid} in the lake is damaged or gone; let that database publish again"), uid=uid, file=file.path)

    @property
    def by_newest(self) -> list[str]:
        """The databases, that with the newest write first."""
        return sorted(sorted(self.manifests), key=lambda uid: self.manifests[uid].day, reverse=True)


def fill(database: Database, opened: OpenLake) -> None:
    """Fill an empty database with what a lake says of places, residents and who has sent; after that it refuses writes.

    Raises :class:`LakeError` where the databases' places do not go together.
    """
    with database.transaction():
        journal = database.execute(
            "INSERT INTO journal (at, actor, reason, action, record, file) VALUES (?, '', '', 'lake', '', '')", (opened.day,)
        ).lastrowid
        states = _unified(opened)
        database.many("INSERT INTO place (id, journal) VALUES (?, ?)", ((number, journal) for number in states))
        columns = ", ".join(f'"{c}"' for c in (*_STATE, "journal"))
        marks = ", ".join("?" * (len(_STATE) + 1))
        rows = ((*row, journal) for found in states.values() for row in found)
        database.many(f"INSERT INTO place_state ({columns}) VALUES ({marks})", rows)
        columns = ", ".join(f'"{c}"' for c in (*_RESIDENTS, "journal"))
        marks = ", ".join("?" * (len(_RESIDENTS) + 1))
        for uid in opened.by_newest:  # of two figures of one place, day, basis and group that of the newest write stays
            database.many(
                f"INSERT OR IGNORE INTO residents ({columns}) VALUES ({marks})",
                ((*row, journal) for row in opened.rows(uid, "residents", _RESIDENTS)),
            )
        sent = {row for uid in opened.manifests for row in opened.rows(uid, "sent", ("sender", "period")) if row[0] in states}
        database.many(
            "INSERT INTO delivery (sender, shape, period, turn, journal) VALUES (?, '', ?, 1, ?)", ((*row, journal) for row in sent)
        )
        if opened.invented:
            database.set_meta("invented", "1")
        if fault := next(place_faults(database), None):
            raise LakeError(Label(
                "数据湖中各库的地点不一致：{fault}", "the places of the lake's databases do not go together: {fault}"), fault=fault)
    database.refusal = READ_ONLY


def _unified(opened: OpenLake) -> dict[int, list[tuple[Cell, ...]]]:
    """Every place's states, as told by the database that knows most of it: its parents, then its past, then the newest write."""
    keys: dict[Cell, Cell] = {}
    best: dict[int, tuple[tuple[int, int], list[tuple[Cell, ...]]]] = {}
    for uid in opened.by_newest:
        for number, key in opened.rows(uid, "place", ("id", "key")):
            if keys.setdefault(number, key) != key:
                raise LakeError(Label(
                    "地点 {one} 与 {two} 在数据湖中得到同一个编号；请给其中一个换代码",
                    "the places {one} and {two} have one number in the lake; give one of them another code"), one=keys[number], two=key)
        told: dict[int, list[tuple[Cell, ...]]] = defaultdict(list)
        for row in opened.rows(uid, "place_state", _STATE):
            told[int(row[0] or 0)].append(row)
        for number, states in told.items():
            knows = sum(row[-2] is not None for row in states), len(states)
            if number not in best or knows > best[number][0]:
                best[number] = knows, states
    return {number: states for number, (_, states) in best.items()}


def answer(engine: Engine, opened: OpenLake, sql: str) -> Sequence[Sequence[Cell]]:
    """What an engine says; raises :class:`LakeChanged`, or a :class:`LakeError` with the engine's own reason."""
    try:
        return engine.execute(sql)
    except Exception as error:
        raise failure(engine, opened, error) from error


def failure(engine: Engine, opened: OpenLake, error: Exception) -> CommLMSError:
    """What an engine's exception means to a person."""
    if isinstance(error, CommLMSError):
        return error
    if opened.changed():
        return LakeChanged()
    reason = " ".join(line.strip() for line in str(error).splitlines()[:3]) or type(error).__name__
    return LakeError(Label("引擎 {name} 出错：{reason}", "the engine {name} failed: {reason}"), name=engine.name, reason=reason[:300])


def coarsest(levels: Collection[str], order: Sequence[str]) -> str:
    """The highest of these levels."""
    return min(levels, key=order.index)
