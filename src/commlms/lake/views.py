"""A lake's tables as an engine reads them: the files of every database, and the people and places of several databases as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit, urlunsplit

from commlms.core.engines import ParquetTable
from commlms.lake.layout import TABLES, Manifest, Type

#: The tables of which only some years are read.
FACTS = frozenset(t.name for t in TABLES if t.parts == "facts")
#: Where the rows are from which the views of the same people in several databases are made.
_OF_EVERY = "published_"
#: What statements ask of people, whether or not a database published it.
_ASKED: dict[str, tuple[tuple[str, Type], ...]] = {
    "learner": (("sex", "string"), ("strength", "string"), ("born_first", "int64"), ("born_last", "int64")),
    "learner_state": (("hukou", "string"), ("occupation", "string")),
}
#: The columns that statements join by.
_KEYS = {
    "learner": ("id",), "session": ("id",), "institution": ("id",), "offering": ("id",), "course": ("id",),
    "learner_state": ("owner", "since"), "place_state": ("owner", "since"),
}


def tables_of(
    url: str, manifests: Mapping[str, Manifest], years: Collection[int] | None
) -> tuple[dict[str, ParquetTable], dict[str, str]]:
    """The tables and views of all databases; of facts only the files of these years, of all years if None."""
    tables = {name: _table(url, manifests, name, years) for name in _names(manifests)}
    if len(manifests) == 1:
        return tables, {}
    views = {name: view.format(table=f'"{_OF_EVERY}{name}"') for name, view in _VIEWS.items()}
    return {_OF_EVERY + name if name in views else name: table for name, table in tables.items()}, views


def _names(manifests: Mapping[str, Manifest]) -> list[str]:
    return sorted({t.name for t in TABLES} | {name for m in manifests.values() for name in m.tables})


def _table(url: str, manifests: Mapping[str, Manifest], name: str, years: Collection[int] | None) -> ParquetTable:
    declared = next((t for t in TABLES if t.name == name), None)
    columns: dict[str, Type] = dict((*declared.columns, *_ASKED.get(name, ())) if declared else ())
    files = []
    for uid, manifest in sorted(manifests.items()):
        if (published := manifest.tables.get(name)) is not None:
            columns |= {c: kind for c, kind in published.columns if c not in columns}
            files += [
                file_url(url, f"{uid}/{f.path}") for f in published.files if years is None or f.year is None or f.year in years
            ]
    return ParquetTable(tuple(columns.items()), tuple(files), _KEYS.get(name, ()))


def file_url(url: str, path: str) -> str:
    """A file of a lake, from the lake's own path or URL; what stands behind a URL's ``?`` stays there."""
    if "://" not in url:
        return f"{url}/{path}"
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{path}"))


#: One person of several databases is one row. What they say differently is not known; a birth year is then an interval.
#: Only who has an ID number is in several, and is known by it in each.
_LEARNER = (
    'SELECT p."id" AS "id", CASE WHEN MIN(p."sex") = MAX(p."sex") THEN MIN(p."sex") END AS "sex", '
    'MIN(p."strength") AS "strength", MIN(p."born_first") AS "born_first", MAX(p."born_last") AS "born_last", MAX(p."known") AS "known" '
    'FROM {table} p GROUP BY p."id"'
)
#: Of one person's states in several databases the one that began last is in force. Where two began together, a known home
#: goes before an unknown one; the other columns only make the order the same on every engine.
_LEARNER_STATE = (
    'SELECT n."owner" AS "owner", n."since" AS "since", '
    'CASE WHEN n."following" < n."until" THEN n."following" ELSE n."until" END AS "until", '
    'n."home" AS "home", n."hukou" AS "hukou", n."occupation" AS "occupation" FROM ('
    'SELECT p."owner", p."since", p."until", p."home", p."hukou", p."occupation", LEAD(p."since") OVER (PARTITION BY p."owner" '
    'ORDER BY p."since", CASE WHEN p."home" IS NULL THEN 0 ELSE 1 END, p."until", p."home", COALESCE(p."hukou", \'\'), '
    'COALESCE(p."occupation", \'\')) AS "following" FROM {table} p) n'
)
#: A place that several databases hold is one place too: of what they say from one day on one row is in force.
_PLACE_STATE = (
    'SELECT n."owner" AS "owner", n."since" AS "since", '
    'CASE WHEN n."following" < n."until" THEN n."following" ELSE n."until" END AS "until", n."kind" AS "kind", n."area" AS "area" FROM ('
    'SELECT p."owner", p."since", p."until", p."kind", p."area", LEAD(p."since") OVER (PARTITION BY p."owner" '
    'ORDER BY p."since", p."until", COALESCE(p."kind", \'\'), COALESCE(p."area", \'\')) AS "following" FROM {table} p) n'
)
_VIEWS = {"learner": _LEARNER, "learner_state": _LEARNER_STATE, "place_state": _PLACE_STATE}
