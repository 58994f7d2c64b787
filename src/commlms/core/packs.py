"""The form of a rule pack: TOML tables of which every key is known and holds what it should, with the line of what does not."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import PolicyError
from commlms.core.labels import Label

_TABLE = re.compile(r"\s*\[\[?([a-z]+)\]\]?")
#: No office asks for more; what is larger is a slip, and would only make exact arithmetic slow.
_MOST = Decimal(10) ** 15


@attrs.frozen
class Kind:
    """What a key may hold: a test, and the words for it."""

    fits: Callable[[Any], bool]
    words: Label
    required: bool = True


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

    return Kind(fits, Label(_shape(keys, "zh"), _shape(keys, "en")))


def _shape(keys: Mapping[str, Kind], lang: str) -> str:
    return "{ " + ", ".join(f"{name} = <{getattr(k.words, lang)}>" for name, k in keys.items()) + " }"


def list_of(kind: Kind) -> Kind:
    """A list of such values, perhaps empty, none twice."""
    return Kind(
        lambda v: isinstance(v, list) and all(kind.fits(x) and v.count(x) == 1 for x in v),
        Label(f"不重复的列表，每项为{kind.words.zh}", f"a list, none twice, of {kind.words.en}"),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite() and abs(Decimal(value)) < _MOST


TEXT = Kind(_is_text, Label("非空的文字", "a text that is not empty"))
ANY_TEXT = Kind(lambda v: isinstance(v, str), Label("文字", "a text"))
DAY = Kind(lambda v: type(v) is dt.date, Label("日期", "a date"))
NUMBER = Kind(_is_number, Label("数（不加引号）", "a number, without quotes"))
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
            self.data: dict[str, Any] = tomllib.loads(self.text, parse_float=Decimal)
        except OSError:
            raise PolicyError(self.file, 1, Label("这个文件读不出来；请核对路径", "this file cannot be read; check the path")) from None
        except UnicodeDecodeError:
            raise PolicyError(self.file, 1, Label("不是 UTF-8 文本；请另存为 UTF-8", "not UTF-8 text; save it as UTF-8")) from None
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            raise PolicyError(self.file, int(found[1]) if found else 1, Label("不是合法的 TOML", "not valid TOML")) from None
        for table in self.data:
            if table not in known:
                raise self.wrong(table, 0, "", f"没有「{table}」这种表", f"there is no table {table}")
        self.known = known

    def one(self, table: str) -> Mapping[str, Any]:
        """The table of a kind that stands once, checked."""
        data = self.data.get(table, {})
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
                    raise self.wrong(table, index, key, f"缺少「{key}」", f"{key} is missing")
            elif not kind.fits(data[key]):
                raise self.wrong(table, index, key, f"「{key}」应为{kind.words.zh}", f"{key} must be {kind.words.en}")
        return data

    def wrong(self, table: str, index: int, key: str, zh: str, en: str) -> PolicyError:
        """The error at a key of the n-th table of a kind."""
        return PolicyError(self.file, self.line(table, index, key), Label(zh, en))

    def line(self, table: str, index: int, key: str) -> int:
        """The line of a key; of the table where the key is missing."""
        lines = self.text.splitlines()
        starts = [n for n, line in enumerate(lines, start=1) if (found := _TABLE.match(line)) and found[1] == table] or [1]
        start = starts[min(index, len(starts) - 1)]
        for number in range(start, len(lines)):
            line = lines[number]
            if _TABLE.match(line):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number + 1
        return start
