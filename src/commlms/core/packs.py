"""The form of a rule pack: TOML tables of which every key is known and holds what it should, with the line of what does not."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import PolicyError
from commlms.core.labels import Label
from commlms.core.text import has_control

_TABLE = re.compile(r"[ \t]*\[\[?[ \t]*[\"']?([a-z]+)[\"']?[ \t]*\]\]?")
_LONG_TEXT = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_COMMENT_OR_TEXT = re.compile(r'#.*|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
#: No office asks for more, or for finer; what does is a slip, and would only make exact arithmetic slow.
_MOST, _FINEST = 15, -18


@attrs.frozen
class Kind:
    """What a key may hold: a test, and the words for it."""

    fits: Callable[[Any], bool]
    words: Label
    required: bool = True
    keys: Mapping[str, Kind] = attrs.field(factory=dict)
    item: Kind | None = None


def optional(kind: Kind) -> Kind:
    """The same, for a key that may be left out."""
    return attrs.evolve(kind, required=False)


def one_of(*words: str) -> Kind:
    """One of a few words."""
    return Kind(lambda v: isinstance(v, str) and v in words, Label(f"其中之一：{'、'.join(words)}", f"one of: {', '.join(words)}"))


def form(**keys: Kind) -> Kind:
    """An inline table with these keys."""
    def fits(value: Any) -> bool:
        return isinstance(value, dict) and value.keys() <= keys.keys() and all(
            k.fits(value[name]) if name in value else not k.required for name, k in keys.items()
        )

    return Kind(fits, Label(_shape(keys, "zh"), _shape(keys, "en")), keys=keys)


def _shape(keys: Mapping[str, Kind], lang: str) -> str:
    return "{ " + ", ".join(f"{name} = <{getattr(k.words, lang)}>" for name, k in keys.items()) + " }"


def list_of(kind: Kind) -> Kind:
    """A list of such values, perhaps empty, none twice."""
    return Kind(
        lambda v: isinstance(v, list) and all(kind.fits(x) and v.count(x) == 1 for x in v),
        Label(f"不重复的列表，每项为{kind.words.zh}", f"a list, none twice, of {kind.words.en}"), item=kind,
    )


def some(kind: Kind) -> Kind:
    """A list of such values, none twice, at least one."""
    listed = list_of(kind)
    words = Label(f"非空且{listed.words.zh}", f"a list, not empty, none twice, of {kind.words.en}")
    return attrs.evolve(listed, fits=lambda v: listed.fits(v) and bool(v), words=words)


def _unfit(kind: Kind, way: str, value: Any) -> Label:
    """What is wrong with a value that does not fit: of a table, or of a list of them, the key in it."""
    if kind.item is not None and kind.item.keys and isinstance(value, list):
        for one in value:
            if not kind.item.fits(one):
                return _unfit(kind.item, way, one)
    if kind.keys and isinstance(value, dict):
        for name in value.keys() - kind.keys.keys():
            known = ", ".join(kind.keys)
            return Label(f"「{way}」中未知的键「{name}」；可用：{known}", f"unknown key {name} in {way}; there are: {known}")
        for name, part in kind.keys.items():
            if name not in value and part.required:
                return Label(f"「{way}」缺少「{name}」", f"{name} is missing in {way}")
            if name in value and not part.fits(value[name]):
                return _unfit(part, f"{way}.{name}", value[name])
    return Label(f"「{way}」应为{kind.words.zh}", f"{way} must be {kind.words.en}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and any(c.isprintable() and not c.isspace() for c in value) and not has_control(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value) and not any(c.isspace() for c in value)


def _is_number(value: Any) -> bool:
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return False
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _FINEST and number.adjusted() < _MOST


def _number(text: str) -> Decimal:
    """A number as written; what no Decimal holds is none, as ``nan`` is."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("nan")


TEXT = Kind(_is_text, Label("非空的文字，不含控制字符", "a text that is not empty, without control characters"))
#: What is typed in commands and stands in other tables.
NAME = Kind(_is_name, Label("不含空格的名称（加引号）", "a name without spaces, in quotes"))
ANY_TEXT = Kind(lambda v: isinstance(v, str), Label("文字", "a text"))
DAY = Kind(lambda v: type(v) is dt.date, Label("日期", "a date"))
NUMBER = Kind(_is_number, Label(
    f"数（不加引号，整数不超过 {_MOST} 位，小数不超过 {-_FINEST} 位）",
    f"a number, without quotes, of at most {_MOST} digits and {-_FINEST} decimals",
))
TRUE = Kind(lambda v: v is True, Label("true", "true"))
LABEL = form(zh=TEXT, en=TEXT)


class Pack:
    """One file: its tables, and on which line each table and key stands.

    Tables named in ``partial`` may lack keys: they are added from elsewhere.
    """

    def __init__(self, path: Path, known: Mapping[str, Mapping[str, Kind]], partial: frozenset[str] = frozenset()) -> None:
        self.file, self.partial = path.name, partial
        self.text = ""
        try:
            self.text = path.read_text(encoding="utf-8-sig")
            self.data: dict[str, Any] = tomllib.loads(self.text, parse_float=_number)
        except OSError:
            raise PolicyError(self.file, 1, Label("这个文件读不出来；请核对路径", "this file cannot be read; check the path")) from None
        except UnicodeDecodeError:
            raise PolicyError(self.file, 1, Label("不是 UTF-8 文本；请另存为 UTF-8", "not UTF-8 text; save it as UTF-8")) from None
        except (ValueError, RecursionError) as error:
            raise PolicyError(self.file, *_not_toml(self.text, str(error))) from None
        for table in self.data:
            if table not in known:
                raise self.wrong(table, 0, "", f"没有「{table}」这种表", f"there is no table {table}")
        self.known = known

    def one(self, table: str) -> Mapping[str, Any]:
        """The table of a kind that stands once, checked."""
        if table not in self.data:
            raise self.wrong(table, 0, "", f"缺少 [{table}]", f"there is no [{table}]")
        data = self.data[table]
        if not isinstance(data, dict):
            raise self.wrong(table, 0, "", f"应为一个 [{table}]", f"this must be one [{table}]")
        return self._checked(table, 0, data)

    def many(self, table: str) -> list[Mapping[str, Any]]:
        """The tables of a kind that may stand often, checked."""
        data = self.data.get(table, [])
        if not isinstance(data, list) or not all(isinstance(x, dict) for x in data):
            raise self.wrong(table, 0, "", f"应为 [[{table}]]", f"this must be [[{table}]]")
        return [self._checked(table, i, x) for i, x in enumerate(data)]

    def _checked(self, table: str, index: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.known[table]
        for key in data:
            if key not in known:
                raise self.wrong(table, index, key, f"未知的键「{key}」", f"unknown key {key}")
        for key, kind in known.items():
            if key not in data:
                if kind.required and table not in self.partial:
                    raise self.wrong(table, index, key, *self._missing(table, data, key))
            elif not kind.fits(data[key]):
                why = _unfit(kind, key, data[key])
                raise self.wrong(table, index, key, why.zh, why.en)
        return data

    def _missing(self, table: str, data: Mapping[str, Any], key: str) -> tuple[str, str]:
        """What is said of a key that a table must have."""
        return f"缺少「{key}」", f"{key} is missing"

    def wrong(self, table: str, index: int, key: str, zh: str, en: str) -> PolicyError:
        """The error at a key of the n-th table of a kind."""
        return PolicyError(self.file, self.line(table, index, key), Label(zh, en))

    def line(self, table: str, index: int, key: str) -> int:
        """The line of a key; of the table where the key is missing."""
        lines = _LONG_TEXT.sub(lambda found: '"' + "\n" * found[0].count("\n"), self.text).split("\n")
        starts = [n for n, line in enumerate(lines, start=1) if (found := _TABLE.match(line)) and found[1] == table] or [1]
        start = starts[min(index, len(starts) - 1)]
        written = re.compile(rf"""[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""")
        for number in range(start, len(lines)):
            line = lines[number]
            if _TABLE.match(line):
                break
            if written.match(line):
                return number + 1
        return start


def _not_toml(text: str, error: str) -> tuple[int, Label]:
    """On which line a text is no TOML, and what to look for there."""
    found = re.search(r"line (\d+), column (\d+)", error)
    lines = text.split("\n")
    if not found:
        line = next((n for n, x in enumerate(lines, start=1) if len(x) > 1000), 1)
        return line, Label("不是合法的 TOML：数字过长，或括号套得过深", "not valid TOML: a number too long, or brackets too deep")
    line = int(found[1])
    if "overwrite" in error or "twice" in error:
        return line, Label("不是合法的 TOML：同一个键或表写了两次", "not valid TOML: a key or table stands twice")
    wide = re.search("[“”‘’＝，：｛｝［］＃\u3000\u00a0\ufeff]", _COMMENT_OR_TEXT.sub("", lines[line - 1]))
    if wide:
        sign = wide[0] if wide[0].isprintable() else f"U+{ord(wide[0]):04X}"
        return line, Label(
            f"不是合法的 TOML：有全角或不可见的符号 {sign}，请改用半角", f"not valid TOML: the sign {sign}; write the plain ASCII one"
        )
    return line, Label(
        f"不是合法的 TOML：第 {found[2]} 列：文字须加引号，引号和括号须成对，键用英文字母，日期写作 2022-12-31",
        f"not valid TOML: at column {found[2]}: texts stand in quotes, quotes and brackets in pairs, keys are ASCII, a date is 2022-12-31",
    )
