"""The bundled metrics as a good SQL author would write them for SQLite: one statement each, by hand, for all places and years.

Written from the metrics' definitions, not from the compiler; the bench compares every figure. A metric that asks the same as
another one (a population's rate and its persons) is asked once.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs


@attrs.frozen
class Statement:
    """A metric's numerator and, where it is a ratio of two counts, its denominator: place, year, then these."""

    metric: str
    sql: str


_LAST = "t.year * 10000 + 1231"
_IN_FORCE = f"q.since <= {_LAST} AND (q.until IS NULL OR q.until > {_LAST})"
_OLD, _YOUNG = f"l.born_last <= {_LAST} - 600000", f"l.born_first > {_LAST} - 180000"


def _standing(group: str) -> str:
    return f"EXISTS (SELECT 1 FROM standing q WHERE q.learner = l.id AND q.\"group\" = '{group}' AND {_IN_FORCE})"


def _certificate(grade: str = "") -> str:
    of = f" AND q.grade = '{grade}'" if grade else ""
    return f"EXISTS (SELECT 1 FROM farmers_certificate q WHERE q.learner = l.id{of} AND {_IN_FORCE})"


@attrs.frozen
class Group:
    """A population: who is in it, the place's state if it asks for one, and the few learners it can be looked for among."""

    who: str = "1"
    asks_place: bool = False
    among: str = ""


_LEFT_BEHIND = "SELECT learner FROM standing WHERE \"group\" = 'left_behind'"
_FARMERS = "SELECT learner FROM standing WHERE \"group\" = 'new_type_farmer' UNION SELECT learner FROM farmers_certificate"
_GROWN = f"l.born_last <= {_LAST} - 180000 AND l.born_first > {_LAST} - 600000"
_GROUPS = {
    "core": Group(),
    "workforce": Group("st.occupation IN ('farmer', 'worker', 'employed', 'self_employed')"),
    "seniors": Group(_OLD),
    "youth": Group(_YOUNG),
    "youth.after_school": Group(
        f"{_YOUNG} AND EXISTS (SELECT 1 FROM youth_enrolment q WHERE q.learner = l.id AND {_IN_FORCE})",
        among="SELECT learner FROM youth_enrolment",
    ),
    "farmers": Group(f"({_standing('new_type_farmer')} OR {_certificate()})", among=_FARMERS),
    "farmers.certified": Group(_certificate("高级"), among="SELECT learner FROM farmers_certificate"),
    "farmers.rural": Group("hp.area = 'rural'", asks_place=True),
    "farmers.left_behind_elderly": Group(f"{_OLD} AND {_standing('left_behind')}", among=_LEFT_BEHIND),
    "farmers.left_behind_women": Group(f"l.sex = 'female' AND {_GROWN} AND {_standing('left_behind')}", among=_LEFT_BEHIND),
    "farmers.left_behind_children": Group(f"{_YOUNG} AND {_standing('left_behind')}", among=_LEFT_BEHIND),
    "migrants": Group(
        "st.hukou IN ('local_rural', 'other_rural') AND hp.area = 'urban' AND st.occupation IN ('worker', 'self_employed', 'employed')",
        asks_place=True,
    ),
    "migrants.new_citizens": Group(f"({_standing('new_citizen')} OR st.hukou IN ('other_rural', 'other_urban'))"),
}

_MINUTES = "COALESCE(p.minutes, s.minutes, 0)"


def _learners(group: Group, counted: str, shown: str, course: bool = False) -> str:
    """Learners of a group by home and year: ``counted`` per learner is ``n``, ``shown`` what is summed over learners."""
    of_course = "LEFT JOIN offering o ON o.id = s.offering LEFT JOIN course c ON c.id = COALESCE(s.course, o.course) " if course else ""
    among = f"WHERE p.learner IN ({group.among}) " if group.among else ""
    place = f"LEFT JOIN place_state hp ON hp.owner = st.home AND hp.since <= {_LAST} AND hp.until > {_LAST} " if group.asks_place else ""
    return (
        f'SELECT COALESCE(st.home, 0), t.year, {shown} FROM (SELECT p.learner, s."on" / 10000 AS year, {counted} '
        f"FROM participation p JOIN session s ON s.id = p.session {of_course}{among}GROUP BY 1, 2) t JOIN learner l ON l.id = t.learner "
        f"LEFT JOIN learner_state st ON st.owner = l.id AND st.since <= {_LAST} AND st.until > {_LAST} {place}"
        f"WHERE {group.who} GROUP BY 1, 2"
    )


_PERSONS = ("COUNT(*) AS n", "COUNT(*)")
_SHAPES = {
    "persons": _PERSONS, "visits": ("COUNT(*) AS n", "SUM(t.n)"), "minutes": (f"SUM({_MINUTES}) AS n", "SUM(t.n)"),
    "repeat": ("COUNT(*) AS n", "SUM(t.n >= 2), COUNT(*)"),
}


def _words(*words: str) -> str:
    return f"COALESCE(s.category, c.category) IN ({', '.join(map(repr, words))})"


_REACHED = "SUM(t.n >= 1), COUNT(*)"
_CITY = _words("城市文明", "城市生活", "文明礼仪", "现代文明意识")
_SKILLS = _words("技能培训", "掌握就业技能", "生存生活技能")
_DEGREE = _words("学历提升", "提升学历层次")
_PRACTICAL = _words("农村技能型人才培养", "实用技术技能", "新技术", "涉农培训", "种养殖等农业技术")
_SMART = _words("智慧助老")
#: Metrics of their own shape: metric, group, counted per learner, summed over learners, whether the course's category is asked.
_SINGLE = (
    ("core.organised_participation", "core", "SUM(s.mode <> 'self_study') AS n", "SUM(t.n >= 1)", False),
    ("core.workforce_participation", "workforce", *_PERSONS, False),
    ("farmers.practical_minutes", "farmers", f"SUM({_MINUTES} * (s.form = 'practice')) AS n", "SUM(t.n), COUNT(*)", False),
    ("farmers.rural_practice", "farmers.rural", "SUM(s.form = 'practice') AS n", _REACHED, False),
    ("farmers.certified", "farmers.certified", *_PERSONS, False),
    ("farmers.skills_reach", "farmers", f"SUM({_PRACTICAL}) AS n", _REACHED, True),
    ("migrants.city_life", "migrants", f"SUM({_CITY}) AS n", _REACHED, True),
    ("migrants.skills", "migrants", f"SUM({_SKILLS}) AS n", _REACHED, True),
    ("migrants.degree", "migrants", f"SUM({_DEGREE}) AS n", _REACHED, True),
    (
        "migrants.all_three", "migrants", f"SUM({_CITY}) AS a, SUM({_SKILLS}) AS b, SUM({_DEGREE}) AS c",
        "SUM(t.a >= 1 AND t.b >= 1 AND t.c >= 1), COUNT(*)", True,
    ),
    ("seniors.digital_reach", "seniors", f"SUM({_SMART}) AS n", _REACHED, True),
    ("seniors.digital_minutes", "seniors", f"SUM({_MINUTES} * ({_SMART})) AS n", "SUM(t.n)", True),
    ("seniors.regulars", "seniors", "COUNT(*) AS n", "SUM(t.n >= 12), COUNT(*)", False),
    ("youth.school430_reach", "youth", "SUM(s.program = '430学堂') AS n", _REACHED, False),
)
_AUDIENCES = {
    "seniors": ("seniors",), "youth": ("minors", "pupils", "primary_pupils"), "farmers": ("new_farmers",),
    "farmers.rural": ("rural_residents", "farmers"), "farmers.left_behind_elderly": ("left_behind_elderly",),
    "farmers.left_behind_women": ("left_behind_women",), "farmers.left_behind_children": ("left_behind_children",),
    "migrants": ("migrant_workers",), "migrants.new_citizens": ("new_citizens",),
}


def _key(group: str, shape: str) -> str:
    return f"{group}_{shape}" if "." in group else f"{group}.{shape}"


def statements() -> Iterator[Statement]:
    """Every metric that counts participations, sessions or headcounts."""
    yield Statement(
        "core.sessions",
        'SELECT i.place, s."on" / 10000, COUNT(*) FROM session s JOIN institution i ON i.id = s.institution GROUP BY 1, 2',
    )
    yield Statement("core.unnamed_visits", _unnamed(()))
    for group, audience in _AUDIENCES.items():
        yield Statement(_key(group, "unnamed_visits"), _unnamed(audience))
    for metric, group, counted, shown, course in _SINGLE:
        yield Statement(metric, _learners(_GROUPS[group], counted, shown, course))
    for group, what in _GROUPS.items():
        if group not in ("workforce", "farmers.certified"):
            for shape, (counted, shown) in _SHAPES.items():
                yield Statement(_key(group, shape), _learners(what, counted, shown))


def _unnamed(audience: tuple[str, ...]) -> str:
    """People at sessions without names: the headcount less those named, never under 0, and those counted besides."""
    present, besides = _said("present", audience), _said("besides", audience)
    return (
        'SELECT place, year, SUM(MAX(COALESCE(present, 0) - (SELECT COUNT(*) FROM participation p WHERE p.session = h.session), 0) '
        f'+ COALESCE(besides, 0)) FROM (SELECT s.id AS session, i.place, s."on" / 10000 AS year, '
        f"{present} AS present, {besides} AS besides "
        "FROM headcount k JOIN session s ON s.id = k.session JOIN institution i ON i.id = s.institution "
        "LEFT JOIN offering o ON o.id = s.offering LEFT JOIN course c ON c.id = COALESCE(s.course, o.course) "
        "GROUP BY s.id) h GROUP BY place, year"
    )


def _said(counts: str, audience: tuple[str, ...]) -> str:
    """What a session's headcounts of one kind say of everybody, or of a group."""

    def persons(condition: str) -> str:
        return f"SUM(CASE WHEN k.counts = '{counts}' AND {condition} THEN k.persons END)"

    if not audience:
        return f"COALESCE({persons(chr(39) * 2 + ' = k.audience')}, {persons('1')})"
    groups, own = ", ".join(map(repr, audience)), "COALESCE(s.audience, c.population)"
    stated = persons(f"k.audience IN ({groups})")
    whole = persons(f"k.audience = '' AND {own} IN ({groups})")
    return f"COALESCE(CASE WHEN {persons(f'k.audience = {own}')} IS NOT NULL THEN {stated} END, {whole}, {stated})"
