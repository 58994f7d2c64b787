"""Set-wise checks of a stage against the store: who and what each row means, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from commlms.core.days import NEVER
from commlms.core.kinds import Stored
from commlms.core.labels import Label
from commlms.core.problems import PROBLEMS, SINCE, Problem
from commlms.core.records import HOST_KEY, Field, Record
from commlms.ingest.persons import near_births, other_people
from commlms.ingest.staging import Stage

_OPEN = "bad = 0"


class Matching:
    """Finds, for every staged row, the rows it refers to and the row it is."""

    def __init__(self, stage: Stage, today: int, batch: bool = False) -> None:
        """With ``batch`` only the lines in ``temp.batch`` are looked at."""
        self.stage, self.database, self.record, self.today = stage, stage.database, stage.record, today
        self.records = stage.records
        self.open = _OPEN + (" AND line IN (SELECT line FROM temp.batch)" if batch else "")

    def references(self) -> list[Problem]:
        """Resolve references to people and sessions; then to rows of the record itself."""
        problems: list[Problem] = []
        for f in self.record.fields:
            target = self.records.get(f.target)
            if target is not None and target.bulk:
                if self._open(f):  # else the reader found them all by their codes
                    self._locate(target, f"{f.name}__", f.name, f"{f.name}__candidates")
                    problems += list(self._unfound(f, target))
            elif self.stage.self_reference(f):
                problems += list(self._unknown_self(f))
        self._mark(problems)
        return problems

    def _open(self, f: Field) -> bool:
        """Whether a reference of some row is still to be found."""
        return bool(self.database.one(f'SELECT EXISTS (SELECT 1 FROM temp.stage WHERE {self.open} AND "{f.name}" IS NULL)'))

    def identify(self) -> None:
        """Set ``target`` to the row each staged row is, where there is one; a pair is found by itself."""
        if self.record.paired:
            self.stage.order_pairs()
            return
        self.database.execute(f"UPDATE temp.stage SET target = NULL, candidates = NULL WHERE {self.open} AND fresh = 0")
        if any(f.dated and f.name in self.record.identity for f in self.record.fields):
            self._identify_dated()
        else:
            self._locate(self.record, "", "target", "candidates")

    def _identify_dated(self) -> None:
        """A place is who had its code when the row's state begins; ``former`` is the code it had before, if that is known."""
        table, name = self.record.state_table, self.record.identity[0]
        wanted = f"COALESCE(temp.stage.former, temp.stage.{name})" if "former" in self.stage.columns else f"temp.stage.{name}"
        self.database.execute(
            f'UPDATE temp.stage SET target = COALESCE((SELECT s.owner FROM "{table}" s WHERE s."{name}" = {wanted} '
            f"AND s.since <= COALESCE(temp.stage.since, {NEVER}) AND s.until >= COALESCE(temp.stage.since, 0) "
            f'ORDER BY s.since DESC LIMIT 1), (SELECT s.owner FROM "{table}" s WHERE s."{name}" = temp.stage.{name} '
            f"AND s.since = temp.stage.since)) WHERE {self.open}"
        )

    def _locate(self, target: Record, prefix: str, into: str, count: str) -> None:
        """Try the target's finders in turn, until one finds something.

        A weak key finds no row that has another value for a unique key: two people of one name and birth
        date have two codes, two meetings of one day and theme have two starts.
        """
        if f"{prefix}row" in self.stage.columns:
            self.database.execute(
                f'UPDATE temp.stage SET "{into}" = (SELECT t.id FROM "{target.table}" t WHERE t.id = temp.stage."{prefix}row"), '
                f'"{count}" = 0 WHERE {self.open} AND "{prefix}row" IS NOT NULL'
            )
        there = [k for k in target.finders if all(f"{prefix}{c}" in self.stage.columns for c in target.key_columns(k))]
        unique = [k for k in there if k in target.keys]
        for finder in unique:
            self._locate_by(target, finder, prefix, into, count)
        if unique:
            # A row that gave a whole unique key is identified by such a key or not at all: never by a weaker one. Where the key has
            # a first day that may be left open, a row with that day may be the one that was stored without it.
            sure = [k for k in unique if not any((f := target.field(n)).kind.name == "day" and not f.required for n in k)]
            given = " OR ".join(f"({self._given(target, k, prefix, whole=True)})" for k in sure) or "0"
            self.database.execute(f'UPDATE temp.stage SET "{count}" = 0 WHERE {self.open} AND "{count}" IS NULL AND ({given})')
        for finder in there[len(unique):]:
            self._locate_by(target, finder, prefix, into, count)
        self.database.execute(f'UPDATE temp.stage SET "{into}" = NULL WHERE {self.open} AND "{count}" > 1')

    def _given(self, target: Record, finder: tuple[str, ...], prefix: str, whole: bool = False) -> str:
        """SQL for: the row has a finder's columns; those that may be blank only if ``whole``."""
        fields = zip(target.key_columns(finder), map(target.field, finder), strict=True)
        return " AND ".join(
            f'temp.stage."{prefix}{c}" IS NOT NULL' for c, f in fields if whole or not self._blankable(target, finder, f)
        )

    def _locate_by(self, target: Record, finder: tuple[str, ...], prefix: str, into: str, count: str) -> None:
        """Set ``into`` and ``count`` of the rows not yet found that this finder fits; nothing found leaves them as they are."""
        fields = [target.field(name) for name in finder]
        joins = [f'"{target.table}" t']
        tests = [self._test(target, finder, f, prefix) for f in fields if not f.dated]
        if dated := [f for f in fields if f.dated]:
            joins.append(f'"{target.state_table}" d ON d.owner = t.id AND d.since <= {self.today} AND d.until > {self.today}')
            tests += [f'd."{f.columns[0]}" = temp.stage."{prefix}{f.columns[0]}"' for f in dated]
        tests += [*self._agreeing(target, finder, prefix), *self._at_home(target, finder, prefix)]
        found = f"SELECT MIN(t.id), NULLIF(COUNT(*), 0) FROM {' JOIN '.join(joins)} WHERE {' AND '.join(tests)}"
        self.database.execute(
            f'UPDATE temp.stage SET ("{into}", "{count}") = ({found}) '
            f'WHERE {self.open} AND "{count}" IS NULL AND {self._given(target, finder, prefix)}'
        )

    def _agreeing(self, target: Record, finder: tuple[str, ...], prefix: str) -> Iterator[str]:
        """What other keys ask of a row that ``finder`` finds.

        A weak key must not contradict any unique key; a unique one only the embedding program's own, which may change all the rest.
        An empty cell says the default where there is one, else nothing.
        """
        asked = () if finder == HOST_KEY else (HOST_KEY,) if finder in target.keys else target.keys
        for key in asked:
            for name, column in zip(key, target.key_columns(key), strict=True):
                f = target.field(name)
                # A firm value that differs is no other row but a conflict, and said so.
                if name in finder or f.dated or f.firm or f"{prefix}{column}" not in self.stage.columns:
                    continue
                staged = f'temp.stage."{prefix}{column}"'
                free = f'IN ({staged}, {blank(f)}) OR {staged} IS NULL OR t."{column}" IS NULL'
                yield f'(t."{column}" {free if f.default is None else f"= COALESCE({staged}, {blank(f)})"})'
        if finder in target.weak and {"since", "until"} <= {f.name for f in target.plain} and f"{prefix}since" in self.stage.columns:
            yield f'(temp.stage."{prefix}since" IS NULL OR t."until" IS NULL OR t."until" > temp.stage."{prefix}since")'

    def _at_home(self, target: Record, finder: tuple[str, ...], prefix: str) -> Iterator[str]:
        """A person referred to by a weak key is not one who lives elsewhere than the row says."""
        names = {n for key in target.weak for n in key if target.field(n).dated} - set(finder)
        for column in (target.field(n).columns[0] for n in sorted(names)):
            if prefix and finder in target.weak and f"{prefix}{column}" in self.stage.columns:
                staged = f'temp.stage."{prefix}{column}"'
                yield (
                    f'NOT EXISTS (SELECT 1 FROM "{target.state_table}" h WHERE h.owner = t.id AND h.since <= {self.today} '
                    f'AND h.until > {self.today} AND h."{column}" <> {staged})'
                )

    def _blankable(self, target: Record, finder: tuple[str, ...], f: Field) -> bool:
        return finder == target.identity and len(finder) > 1 and not f.required

    def _test(self, target: Record, finder: tuple[str, ...], f: Field, prefix: str) -> str:
        column = target.key_columns((f.name,))[0]
        staged = f'temp.stage."{prefix}{column}"'
        if self._blankable(target, finder, f):
            staged = f"COALESCE({staged}, {blank(f)})"
        if f.kind.name == "birth":
            return " AND ".join(f't."{c}" = temp.stage."{prefix}{c}"' for c in f.columns)
        return f't."{column}" = {staged}'

    def _unfound(self, f: Field, target: Record) -> Iterator[Problem]:
        parts = [c for c in self.stage.columns if c.startswith(f"{f.name}__") and not c.endswith("__candidates")]
        given = " OR ".join(f'"{c}" IS NOT NULL' for c in parts)
        rows = self.database.execute(
            f'SELECT line, "{f.name}__candidates" FROM temp.stage WHERE {_OPEN} AND "{f.name}" IS NULL'
            + ("" if f.required else f" AND ({given})")
        )
        for line, candidates in rows.fetchall():
            if candidates and candidates > 1:
                code = _code("ambiguous", target)
            elif candidates is None and target.key == "learner" and not self._strong(f, line):
                code = "weak_learner"
            else:
                code = _code("unknown", target)
            yield Problem(code, f.name, line, "", {"field": f.label, "count": candidates or 0, "target": target.label})

    def _strong(self, f: Field, line: int) -> bool:
        """Whether a row gave enough to find a learner: a code, an ID number, or name and birth date."""
        strong = [c for c in ("code", "row", "id_number_digest", "born_first") if f"{f.name}__{c}" in self.stage.columns]
        tests = " OR ".join(f'"{f.name}__{c}" IS NOT NULL' for c in strong) or "0"
        return bool(self.database.one(f"SELECT {tests} FROM temp.stage WHERE line = ?", (line,)))

    def _unknown_self(self, f: Field) -> Iterator[Problem]:
        """Rows whose parent is neither stored nor among the good rows of this file, and the rows below them."""
        key = self.record.identity[0]
        table = self.record.state_table if self.record.field(key).dated else self.record.table
        while True:
            lines = [r[0] for r in self.database.execute(
                f'SELECT line FROM temp.stage a WHERE {_OPEN} AND "{f.name}__code" IS NOT NULL '
                f'AND NOT EXISTS (SELECT 1 FROM "{table}" t WHERE t."{key}" = a."{f.name}__code") '
                f'AND NOT EXISTS (SELECT 1 FROM temp.stage b WHERE b.bad = 0 AND b."{key}" = a."{f.name}__code")'
            ).fetchall()]
            if not lines:
                return
            for line in lines:
                self.stage.mark(line, 1)
                yield Problem("unknown_ref", f.name, line, "", {"field": f.label, "target": self.record.label})

    def contradictions(self) -> list[Problem]:
        """Rows that fit several stored rows, stand twice in the file, or say otherwise than the store."""
        problems = [] if self.record.paired else list(self._several())
        self._mark(problems)
        checks = (
            partial(near_births, self.stage), self._duplicates, self._same_target, self._file_conflicts, self._clashes, self._conflicts,
            partial(other_people, self.stage), self._state_conflicts, self._ends,
        )
        for check in checks:
            found = list(check())
            self._mark(found)
            problems += found
        return problems

    def _several(self) -> Iterator[Problem]:
        rows = self.database.execute(f"SELECT line, candidates FROM temp.stage WHERE {_OPEN} AND target IS NULL AND candidates > 1")
        for line, n in rows.fetchall():
            yield Problem(self._ambiguous, self.record.finders[-1][0], line, "", {"count": n, "target": self.record.label})

    @property
    def _ambiguous(self) -> str:
        """The problem of a row that fits several stored ones."""
        code = f"ambiguous_{self.record.key}"
        return code if code in PROBLEMS and self.record.key != "place" else "ambiguous_row"

    def _mark(self, problems: list[Problem]) -> None:
        for p in problems:
            self.stage.mark(p.line, 2 if p.code.startswith("ambiguous") else 1)

    def _duplicates(self) -> Iterator[Problem]:
        # Of two rows of one name and birth date with other homes and no dates, the second would move the first.
        for key in dict.fromkeys((*self._file_keys(), *self.record.weak)):
            columns = self.record.key_columns(key)
            blankable = {f.columns[-1] if f.kind.name == "title" else f.columns[0]: blank(f)
                         for n in key if self._blankable(self.record, key, f := self.record.field(n))}
            terms = [f'COALESCE("{c}", {blankable[c]})' if c in blankable else f'"{c}"' for c in columns]
            terms += [f'"{c}"' for n in key if (f := self.record.field(n)).kind.name == "birth" for c in f.columns[1:]]
            if "since" in self.stage.columns and self.record.dated:
                terms.append("COALESCE(since, 0)")
            given = " AND ".join(f'"{c}" IS NOT NULL' for c in columns if c not in blankable)
            who, given = ", ".join(terms), f"{_OPEN} AND {given}{self._only_weak(key)}"
            if not self._repeated(who, given):
                continue
            rows = self.database.execute(
                f"SELECT line, first FROM (SELECT line, MIN(line) OVER (PARTITION BY {who}) AS first FROM temp.stage WHERE {given}) "
                "WHERE line > first"
            )
            found = [Problem("duplicate", key[0], line, "", {"line": first}) for line, first in rows.fetchall()]
            self._mark(found)
            yield from found

    def _repeated(self, who: str, given: str) -> bool:
        """Whether two rows share the values ``who``: far cheaper to ask than which ones do."""
        return bool(self.database.one(f"SELECT EXISTS (SELECT 1 FROM temp.stage WHERE {given} GROUP BY {who} HAVING COUNT(*) > 1)"))

    def _same_target(self) -> Iterator[Problem]:
        """Rows that name one stored row in two ways, by its code and by name and birth date."""
        if self.record.paired:
            return
        state = ", COALESCE(since, 0)" if self.record.dated else ""
        rows = self.database.execute(
            f"SELECT line, first FROM (SELECT line, MIN(line) OVER (PARTITION BY target{state}) AS first "
            f"FROM temp.stage WHERE {_OPEN} AND target IS NOT NULL) WHERE line > first"
        )
        yield from (Problem("duplicate", self.record.identity[0], line, "", {"line": first}) for line, first in rows.fetchall())

    def _file_conflicts(self) -> Iterator[Problem]:
        """Rows of one file about one person at two dates that differ in name, birth date, sex or ID number."""
        if not self.stage.moves:
            return
        for key in self._file_keys():
            columns = self.record.key_columns(key)
            if any(self.record.field(n).dated for n in key):
                continue
            who, given = ", ".join(f'"{c}"' for c in columns), " AND ".join(f'"{c}" IS NOT NULL' for c in columns)
            if not self._repeated(who, f"{_OPEN} AND {given}"):
                continue
            for f in (f for f in self.record.plain if f.firm and f.name not in key):
                c = f.columns[0]
                rows = self.database.execute(
                    f'SELECT line FROM (SELECT line, "{c}" AS own, FIRST_VALUE("{c}") OVER (PARTITION BY {who} ORDER BY line) AS first '
                    f'FROM temp.stage WHERE {_OPEN} AND {given} AND "{c}" IS NOT NULL) WHERE own <> first'
                )
                found = [Problem("conflict", f.name, line, "", {"field": f.label, "since": SINCE}) for (line,) in rows.fetchall()]
                self._mark(found)
                yield from found

    def _file_keys(self) -> Iterator[tuple[str, ...]]:
        for key in self.record.finders:
            wanted = key in self.record.keys or key == self.record.weak[0]
            if wanted and any(c in self.stage.given for c in self.record.key_columns(key)):
                yield key

    def _only_weak(self, key: tuple[str, ...]) -> str:
        """Rows with a code may share a name and birth date; rows without one may not."""
        if key in self.record.keys:
            return ""
        strong = [c for k in self.record.keys for c in self.record.key_columns(k) if c in self.stage.columns]
        return "".join(f' AND "{c}" IS NULL' for c in strong)

    def _clashes(self) -> Iterator[Problem]:
        """Rows with a unique value that another stored row already has."""
        own = " AND ".join(f't."{n}" = g."{n}"' for n in self.record.identity) if self.record.paired else "t.id IS g.target"
        for key in self.record.keys:
            fields = [self.record.field(name) for name in key]
            if any(f.dated for f in fields) or (self.record.paired and key == self.record.identity):
                continue
            if not any(c in self.stage.given for c in self.record.key_columns(key)):
                continue
            on = " AND ".join(self._same(key, f) for f in fields)
            rows = self.database.execute(
                f'SELECT g.line FROM temp.stage g JOIN "{self.record.table}" t ON {on} WHERE g.bad = 0 AND NOT ({own})'
            )
            label = Label("、".join(f.label.zh for f in fields), ", ".join(f.label.en for f in fields))
            found = [Problem("identity_clash", key[0], line, "", {"field": label}) for (line,) in rows.fetchall()]
            self._mark(found)
            yield from found

    def _same(self, key: tuple[str, ...], f: Field) -> str:
        (column,) = self.record.key_columns((f.name,))
        blankable = self._blankable(self.record, key, f)
        return f't."{column}" = ' + (f'COALESCE(g."{column}", {blank(f)})' if blankable else f'g."{column}"')

    def _conflicts(self) -> Iterator[Problem]:
        """Firm fields (name, birth date, sex, ID number) that differ from what is stored."""
        for f in self.record.plain:
            if not f.firm:
                continue
            first, last = f.columns[0], f.columns[-1]
            if f.kind.name == "birth":
                differs = f't."{first}" IS NOT NULL AND (g."{last}" < t."{first}" OR g."{first}" > t."{last}")'
            else:
                differs = f't."{first}" IS NOT NULL AND g."{first}" <> t."{first}"'
            rows = self.database.execute(
                f'SELECT g.line FROM temp.stage g JOIN "{self.record.table}" t ON t.id = g.target '
                f'WHERE g.bad = 0 AND g."{first}" IS NOT NULL AND {differs}'
            )
            yield from (Problem("conflict", f.name, line, "", {"field": f.label, "since": SINCE}) for (line,) in rows.fetchall())

    def _state_conflicts(self) -> Iterator[Problem]:
        """Rows that say otherwise than the states: without a date, or with one before the latest change.

        A row without a date must agree with one state in everything it gives; it may fill in what the
        latest state leaves empty, never change it.
        """
        if not self.record.dated:
            return
        table, since = self.record.state_table, self.record.field("since")
        given = [(f, *self._compared(f)) for f in self.record.dated]
        same = " AND ".join(f"({new} IS NULL OR {old} IS {new})" for _, new, old in given)
        fills = " AND ".join(f"({new} IS NULL OR {old} IS NULL OR {old} IS {new})" for _, new, old in given)
        last = f'(SELECT MAX(m.since) FROM "{table}" m WHERE m.owner = g.target)'
        agrees = f'EXISTS (SELECT 1 FROM "{table}" e WHERE e.owner = g.target AND {{when}} AND {{how}})'
        undated = f'{agrees.format(when="1", how=same)} OR {agrees.format(when=f"e.since = {last}", how=fills)}'
        in_force = agrees.format(when="e.since <= g.since AND e.until > g.since", how=same)
        differs = ", ".join(f'NOT {agrees.format(when=f"e.since = {last}", how=f"({new} IS NULL OR {old} IS NULL OR {old} IS {new})")}'
                            for _, new, old in given)
        rows = self.database.execute(
            f"SELECT g.line, g.since, {differs} FROM temp.stage g WHERE g.bad = 0 AND g.target IS NOT NULL "
            f"AND (g.since IS NULL AND NOT ({undated}) OR g.since < {last} AND NOT {in_force})"
        ).fetchall()
        for line, day, *which in rows:
            if day is None:
                f = next((f for (f, _, _), other in zip(given, which, strict=True) if other), given[0][0])
                yield Problem("conflict", f.name, line, "", {"field": f.label, "since": since.label})
            else:
                yield Problem("state_before_last", "since", line, "", {"field": since.label})

    def _compared(self, f: Field) -> tuple[str, str]:
        """A dated field of a staged row ``g`` and of a state ``e`` as SQL: a reference to the record itself by a code of that time."""
        if not self.stage.self_reference(f):
            return f'g."{f.columns[0]}"', f'e."{f.columns[0]}"'
        key, table = self.record.identity[0], self.record.state_table
        said, states = f'g."{f.name}__code"', f'(SELECT u."{key}" FROM "{table}" u WHERE u.owner = e."{f.name}"'
        then = f'{states} AND u."{key}" = {said} AND u.since < e.until AND u.until > e.since LIMIT 1)'
        return said, f"COALESCE({then}, {states} ORDER BY u.since DESC LIMIT 1))"

    def _ends(self) -> Iterator[Problem]:
        """Ends before the beginning: the row's own, or that of the state it would end."""
        if not {"since", "until"} <= set(self.stage.columns):
            return
        label = self.record.field("until").label
        begins = "since"
        if self.record.dated:
            begins = f'COALESCE(since, (SELECT MAX(m.since) FROM "{self.record.state_table}" m WHERE m.owner = temp.stage.target))'
        rows = self.database.execute(f"SELECT line FROM temp.stage WHERE {_OPEN} AND until < {begins}")
        yield from (Problem("ends_before_start", "until", line, "", {"field": label}) for (line,) in rows.fetchall())


def _code(what: str, target: Record) -> str:
    """The problem's code for a reference to a person or session, or to a row of a plugin's own record."""
    return f"{what}_{target.key}" if f"{what}_{target.key}" in PROBLEMS else f"{what}_ref"


def blank(f: Field) -> str:
    """What an empty identity column holds, as SQL."""
    if f.default is not None:
        return "'" + str(f.default).replace("'", "''") + "'"
    return "''" if f.kind.columns[0][1] == "TEXT" else "0"


def default_of(f: Field) -> tuple[Stored, ...]:
    """The stored values of a field that a new row does not give."""
    if f.default is None:
        return (None,) * len(f.columns)
    return (f.default, *((None,) * (len(f.columns) - 1)))
