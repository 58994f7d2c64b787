"""A record's declaration: from it come table, migrations, template, import, export, verbs and docs.

``@record`` turns an annotated class into a frozen attrs class that carries its :class:`Record`
as ``__record__``; a row given through Python is an instance of that class::

    @record("youth.pickup", zh="接送登记", en="late collection", identity=("place", "on", "child"))
    class Pickup:
        place: str = ref("place", "学堂所在地", "place")
        on: dt.date = day("日期", "date")
        child: str = full_name("姓名", "child", tier="sensitive", aliases=("孩子姓名", "学生"))
        minutes: int = duration("超时分钟", "minutes late")
        reason: str | None = text("原因", "reason", default=None, since=2)   # later columns need a default
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, TypeVar, dataclass_transform

import attrs

from commlms.core.errors import DeclarationError
from commlms.core.kinds import KINDS, Kind
from commlms.core.labels import Label
from commlms.core.text import key_of

Tier = Literal["plain", "personal", "sensitive"]
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
_T = TypeVar("_T")


@attrs.frozen
class Choice:
    """One value of a choice field: the stored key, its label, and other words for it."""

    key: str
    label: Label
    aliases: tuple[str, ...] = ()


def choice_of(key: str, zh: str, en: str, *aliases: str) -> Choice:
    """Shorthand for a :class:`Choice`."""
    return Choice(key, Label(zh, en), aliases)


@attrs.frozen
class Field:
    """One field of a record. ``dated`` fields live in the record's states, one row per change.

    ``firm``: an import that says something else than what is stored is a conflict, not a change.
    ``since``: the version of the record that added the field; that number *is* the migration.
    ``last``: header words under which a sheet writes the last day that still counts (有效期至); the day after it is stored.
    """

    name: str
    label: Label
    kind: Kind
    required: bool = True
    default: Any = None
    tier: Tier = "plain"
    unit: str = ""
    aliases: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    vocabulary: str = ""
    open: bool = False
    target: str = ""
    dated: bool = False
    firm: bool = False
    future: bool = False
    virtual: bool = False
    host: bool = False
    maximum: int | None = None
    since: int = 1
    choice_keys: dict[str, str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        keys = {
            key_of(word): c.key
            for c in self.choices
            for word in (c.key, c.label.zh, c.label.en, *c.aliases)
        }
        object.__setattr__(self, "choice_keys", keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns it is stored in."""
        return tuple(self.name + suffix for suffix, _ in self.kind.columns)

    def show(self, stored: tuple[Any, ...], *, words: bool = True) -> str:
        """Stored values as a cell of an export; choices as their Chinese word if ``words``."""
        text = self.kind.show(self, stored)
        if words and self.choices:
            return next((c.label.zh for c in self.choices if c.key == text), text)
        return text


@attrs.frozen
class Record:
    """A record's declaration. ``identity`` and ``also`` are unique keys, ``weak`` keys may fit several rows."""

    key: str
    label: Label
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    also: tuple[tuple[str, ...], ...] = ()
    weak: tuple[tuple[str, ...], ...] = ()
    bulk: bool = False
    indexed: tuple[str, ...] = ()
    cls: type | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.key.replace(".", "_")

    @property
    def state_table(self) -> str:
        """The name of the table of its dated states."""
        return f"{self.table}_state"

    @property
    def version(self) -> int:
        """The highest ``since`` among its fields."""
        return max(f.since for f in self.fields)

    @property
    def plain(self) -> tuple[Field, ...]:
        """The stored fields that are not dated."""
        return tuple(f for f in self.fields if not f.dated and not f.virtual)

    @property
    def dated(self) -> tuple[Field, ...]:
        """The stored fields kept as dated states."""
        return tuple(f for f in self.fields if f.dated and not f.virtual)

    @property
    def paired(self) -> bool:
        """Whether its rows are pairs of references, kept in a table clustered by that pair."""
        return self.bulk and len(self.identity) == 2 and all(self.field(n).target for n in self.identity)

    @property
    def row_key(self) -> tuple[str, ...]:
        """The columns of its table's primary key."""
        return self.identity if self.paired else ("id",)

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Every unique key: an embedding program's own first, then the handiest."""
        return (HOST_KEY, *self.also, self.identity)

    @property
    def finders(self) -> tuple[tuple[str, ...], ...]:
        """Every key a row can be found by, in the order they are tried."""
        return (*self.keys, *self.weak)

    def field(self, name: str) -> Field:
        """The field ``name``; raises :class:`DeclarationError`."""
        for f in self.fields:
            if f.name == name:
                return f
        raise DeclarationError(
            Label(f"登记「{self.key}」没有字段「{name}」", f"record {self.key} has no field {name}")
        )

    def key_columns(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """The columns that are compared for a key: of a title its key, of an ID number its digest."""
        return tuple(_compared(self.field(name)) for name in fields)


def _compared(field: Field) -> str:
    return field.columns[-1] if field.kind.name == "title" else field.columns[0]


def _spec(kind: str, zh: str, en: str, options: dict[str, Any]) -> Any:
    required = "default" not in options
    default = options.pop("default", None)
    made = {"label": Label(zh, en), "kind": KINDS[kind], "required": required, "default": default, **options}
    if required:
        return attrs.field(kw_only=True, metadata={"commlms": made})
    return attrs.field(default=default, kw_only=True, metadata={"commlms": made})


def _maker(kind: str) -> Callable[..., Any]:
    def specify(zh: str, en: str, **options: Any) -> Any:
        return _spec(kind, zh, en, options)

    specify.__name__ = kind
    specify.__doc__ = f"Declare a field of kind {kind!r}: labels, then the options of :class:`Field`."
    return specify


text, full_name, heading, identifier = map(_maker, ("text", "name", "title", "code"))
number, hundredths, duration, people = map(_maker, ("integer", "hundredths", "minutes", "people"))
money, floor_area = map(_maker, ("money", "area"))
day, birth, clock, period, flag, id_card = map(_maker, ("day", "birth", "clock", "period", "flag", "id_number"))


def choice(zh: str, en: str, *choices: Choice, **options: Any) -> Any:
    """Declare a choice; ``open=True`` keeps other words as they are, ``vocabulary`` adds the plugins' words."""
    return _spec("choice", zh, en, {"choices": choices, **options})


def ref(target: str, zh: str, en: str, **options: Any) -> Any:
    """Declare a reference to a row of the record ``target``."""
    return _spec("ref", zh, en, {"target": target, **options})


#: The fields by which an embedding program finds its rows again; every record has them.
HOST_KEY = ("source", "source_key")
HOST_FIELDS = (
    Field("source", Label("来源系统", "source system"), KINDS["text"], required=False, host=True),
    Field("source_key", Label("来源主键", "key in the source"), KINDS["text"], required=False, host=True),
)


@dataclass_transform(
    frozen_default=True, kw_only_default=True,
    field_specifiers=(
        text, full_name, heading, identifier, number, hundredths, duration, people, money, floor_area, day, birth, clock, period, flag,
        id_card, choice, ref,
    ),
)
def record(
    key: str, *, zh: str, en: str, identity: tuple[str, ...],
    also: tuple[tuple[str, ...], ...] = (), weak: tuple[tuple[str, ...], ...] = (), bulk: bool = False,
    indexed: tuple[str, ...] = (),
) -> Callable[[type[_T]], type[_T]]:
    """Declare a record. ``key`` is a name, or ``plugin.name``; ``identity`` the fields that make a row one."""

    def wrap(cls: type[_T]) -> type[_T]:
        made = attrs.define(frozen=True, slots=True)(cls)
        fields = tuple(
            Field(name=a.name, **a.metadata["commlms"]) for a in attrs.fields(made)  # type: ignore[arg-type]  # made is attrs
        )
        declared = Record(key, Label(zh, en), (*fields, *HOST_FIELDS), identity, also, weak, bulk, indexed, made)
        _check(declared)
        made.__record__ = declared  # type: ignore[attr-defined]  # the declaration rides on the class
        return made

    return wrap


def _check(declared: Record) -> None:
    def wrong(zh: str, en: str) -> DeclarationError:
        return DeclarationError(Label(f"登记「{declared.key}」：{zh}", f"record {declared.key}: {en}"))

    if not _KEY.match(declared.key):
        raise wrong("键须为小写字母", "the key must be lower-case words")
    for f in declared.fields:
        if not _NAME.match(f.name) or f.name in ("id", "journal", "row", "line") or (f.name in HOST_KEY and not f.host):
            raise wrong(f"字段名「{f.name}」不可用", f"the field name {f.name} cannot be used")
        if f.since > 1 and f.required:
            raise wrong(f"后加的字段「{f.name}」须有默认值", f"the later field {f.name} needs a default")
    for finder in declared.finders:
        for part in finder:
            declared.field(part)
    for part in declared.identity:
        if (f := declared.field(part)).kind.name == "ref" and not f.required:
            raise wrong(f"身份字段「{part}」须必填", f"the identity field {part} must be required")


def record_of(cls_or_row: object) -> Record:
    """The declaration carried by a record class or by one of its rows."""
    declared = getattr(cls_or_row, "__record__", None)
    if not isinstance(declared, Record):
        raise DeclarationError(Label("这不是登记类", "this is not a record class"))
    return declared
