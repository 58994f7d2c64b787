"""The form of a lake: which tables with which columns, how rows of many databases get numbers that do not clash, the manifest.

Everything is an integer (``int64``) or a text (``string``). A database publishes into a folder named after its uid, each
file under the digest of its content::

    LAKE/<uid>/CURRENT                       the name of the manifest that counts
    LAKE/<uid>/manifest-<digest>.json
    LAKE/<uid>/participation/county=<code>/year=<yyyy>/<digest>.parquet
    LAKE/<uid>/learner/county=<code>/<digest>.parquet
    LAKE/<uid>/place_state/<digest>.parquet
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Literal

import attrs

from commlms.core.errors import LakeError
from commlms.core.labels import Label
from commlms.core.places import LEVELS

#: The version of this form. A reader refuses another one.
LAKE_VERSION = 1
CURRENT = "CURRENT"
#: The folder of what has no county: a session whose host stands above or outside, a learner whose home is not known.
NONE = "none"
#: What stands for a word that no measure asks for, in the columns where an office can write words of its own.
OTHER_WORD = "*"
Type = Literal["int64", "string"]
#: ``facts``: by county of the host and year of the session. ``persons``: by county of the home. ``small``: one file.
Parts = Literal["facts", "persons", "small"]
#: ``rows``: a reader counts it from the rows. ``shown``: the lake has only what may be shown of it, in ``shown_total``.
How = Literal["rows", "shown"]
INT: Type = "int64"
TEXT: Type = "string"


@attrs.frozen
class Table:
    """A table of the lake. Its rows are sorted by its columns, in their order."""

    name: str
    columns: tuple[tuple[str, Type], ...]
    parts: Parts = "small"

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names, in order."""
        return tuple(name for name, _ in self.columns)

    def with_columns(self, *columns: tuple[str, Type]) -> Table:
        """The same with further columns, those it has already left out."""
        new = {c[0]: c for c in columns if c[0] not in self.names}
        return attrs.evolve(self, columns=(*self.columns, *new.values()))


def _table(name: str, columns: str, parts: Parts = "small") -> Table:
    """``columns`` in order; those that end in ``:`` are texts."""
    return Table(name, tuple((c.rstrip(":"), TEXT if c.endswith(":") else INT) for c in columns.split()), parts)


#: The tables of every lake. A learner is a pseudonym, a place a :func:`place_number`, every other id a :func:`global_id`.
#: ``learner`` and ``learner_state`` have further columns, as measures read them: sex, born_first and born_last (the year's
#: first and last day); hukou, occupation. So have registers that measures ask for, each a table of its own.
TABLES: tuple[Table, ...] = (
    _table("participation", "learner: session minutes", "facts"),
    _table("session", "id institution on minutes place offering course category: form: mode: program: audience: meetings began", "facts"),
    _table("headcount", "session counts: audience: persons", "facts"),
    _table("learner", "id: known", "persons"),
    _table("learner_state", "owner: since until home", "persons"),
    _table("institution", "id code: place kind: since until"),
    _table("offering", "id course institution"),
    _table("course", "id category: population:"),
    _table("place", "id key:"),
    _table("place_state", "owner since until code: name: level: kind: area: region: aliases: parent reports_to"),
    _table("residents", "place on basis: group: persons persons_about nature: citation:"),
    # For which periods a place has deliveries that were not replaced.
    _table("sent", "sender period:"),
    _table("erased_visit", "session persons"),
    _table("settled", "place year"),
    # A place that is not in it shows 0. ``persons`` is NULL where it is hidden, for the reason in ``hidden``.
    _table("shown_total", "tree: place year measure: persons hidden:"),
)

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_SHIFT = 2**43
_FOLDER = re.compile(r"[0-9A-Za-z_-]{1,64}")


def uid_number(uid: str) -> int:
    """A database's four letters as a number below 2**20."""
    number = 0
    for letter in uid:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    return number


def global_id(uid: str, row: int) -> int:
    """A row's id among those of all databases."""
    return uid_number(uid) * _SHIFT + row


def global_id_sql(uid: str, column: str) -> str:
    """SQL of :func:`global_id` of a column; NULL where it is NULL."""
    return f"({uid_number(uid) * _SHIFT} + {column})"


def place_number(key: str) -> int:
    """A place's number in every lake: the first 62 bits of its key's SHA-256, positive.

    The key is the code of the place's last state; ``code~until`` where that place has ended and another place of the same
    database has the code since. Places of several databases with one key are one place.
    """
    return (int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") >> 2) or 1


def folder(code: str) -> str:
    """A place's code as the name of a folder: itself where it can be one, else a digest of it."""
    return code if _FOLDER.fullmatch(code) else "x" + hashlib.sha256(code.encode()).hexdigest()[:16]


@attrs.frozen
class LakeFile:
    """One Parquet file: its path below the database's folder, rows, size in bytes, SHA-256 of its content."""

    path: str = attrs.field(validator=attrs.validators.matches_re(r"(?!.*\.\.)[^/].*\.parquet"))  # below its folder, nowhere else
    rows: int
    bytes: int
    sha256: str

    @property
    def year(self) -> int | None:
        """The year of the sessions in it, of a table of facts."""
        found = re.search(r"/year=(\d{4})/", self.path)
        return int(found[1]) if found else None


@attrs.frozen
class LakeTable:
    """A table as published: columns with types, and its files."""

    columns: tuple[tuple[str, Type], ...]
    files: tuple[LakeFile, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows all files have."""
        return sum(f.rows for f in self.files)


@attrs.frozen
class LakeMeasure:
    """A measure that the database had at publication: its column, the plugin that asks for it, its canonical text.

    ``kept``: the database keeps its totals. ``how``: whether rows are there to count it from, or only what may be shown.
    """

    column: str
    plugin: str
    text: str
    kept: bool
    how: How


@attrs.frozen
class Manifest:
    """What a database published. ``day`` is the day of its last write, ``level`` the lowest level of homes in it.

    ``lake`` is the database's own mark: another database with the same uid has another one. ``key`` is the fingerprint of
    the lake key. ``schema`` are the versions of its records, ``plugins`` and ``packs`` what was loaded: versions, digests.
    ``years`` are those of ``shown_total``; ``empty`` the registers without any row, of which only what may be shown would leave.
    ``unmatched`` learners stand on no ID number: those in two databases are two persons.
    """

    uid: str
    lake: str
    key: str
    level: str = attrs.field(validator=attrs.validators.in_(LEVELS))
    commlms: str
    day: str = attrs.field(validator=attrs.validators.instance_of(str))
    invented: bool = attrs.field(validator=attrs.validators.instance_of(bool))
    schema: dict[str, int]
    plugins: dict[str, str]
    packs: dict[str, str]
    measures: tuple[LakeMeasure, ...]
    years: tuple[int, ...]
    learners: int = attrs.field(validator=attrs.validators.instance_of(int))
    unmatched: int = attrs.field(validator=attrs.validators.instance_of(int))
    tables: dict[str, LakeTable]
    format: int = LAKE_VERSION
    empty: tuple[str, ...] = ()

    @property
    def paths(self) -> set[str]:
        """Every file it names, below the database's folder."""
        return {f.path for t in self.tables.values() for f in t.files}

    def to_json(self) -> str:
        """The manifest as JSON with sorted keys: the same content gives the same text."""
        return json.dumps(attrs.asdict(self), ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a manifest; raises :class:`LakeError` for one of another form."""
        try:
            saved = json.loads(text)
            if saved["format"] != LAKE_VERSION:
                raise LakeError(Label(
                    "数据湖的格式版本是 {theirs}，这里读写的是 {ours}；请用同一版本的 commlms",
                    "the lake has form {theirs}, this commlms reads and writes {ours}; use the same version of commlms",
                ), theirs=saved["format"], ours=LAKE_VERSION)
            return cls(**{
                **saved, "tables": {name: _table_of(t) for name, t in saved["tables"].items()},
                "measures": tuple(LakeMeasure(**m) for m in saved["measures"]), "years": tuple(saved["years"]),
                "empty": tuple(saved.get("empty", ())),
            })
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LakeError(Label(
                "数据湖的一份清单已损坏；请删去它所在的文件夹，让那个库重新发布",
                "a manifest of the lake is damaged; delete the folder it is in and let that database publish again",
            )) from None

    @property
    def name(self) -> str:
        """The name of its file, from its content."""
        return f"manifest-{digest(self.to_json().encode())}.json"


def _table_of(saved: dict[str, Any]) -> LakeTable:
    return LakeTable(tuple((name, kind) for name, kind in saved["columns"]), tuple(LakeFile(**f) for f in saved["files"]))


def digest(content: bytes) -> str:
    """The first twelve hexadecimal digits of a content's SHA-256, as they stand in file names."""
    return hashlib.sha256(content).hexdigest()[:12]
