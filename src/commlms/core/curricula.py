"""Curricula: categories and audiences that the documents name, read from a TOML file."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import DeclarationError
from commlms.core.labels import Label


@attrs.frozen
class Category:
    """One content category with the document and clause it comes from. ``tags`` are what metrics ask for."""

    key: str
    label: Label
    population: str
    document: str
    clause: str
    quote: str
    order: int = 0
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@attrs.frozen
class Audience:
    """A group that a document addresses. ``sensitive``: a property of a class or headcount, never of a person."""

    key: str
    label: Label
    aliases: tuple[str, ...] = ()
    document: str = ""
    quote: str = ""
    sensitive: bool = False


@attrs.frozen
class Curriculum:
    """What is taught to a population: categories and the groups they are for."""

    key: str
    label: Label
    categories: tuple[Category, ...]
    audiences: tuple[Audience, ...] = ()

    def tagged(self, *tags: str) -> tuple[str, ...]:
        """The words (Chinese labels) of the categories with one of these tags, each once."""
        return tuple(dict.fromkeys(c.label.zh for c in self.categories if set(tags) & set(c.tags)))


def curriculum_from_toml(path: Path) -> Curriculum:
    """Read a curriculum file. Raises :class:`DeclarationError` naming file and key for whatever is missing."""
    with path.open("rb") as file:
        data = tomllib.load(file, parse_float=Decimal)
    try:
        return Curriculum(
            data["key"], Label(data["zh"], data["en"]),
            tuple(_category(c) for c in data.get("category", ())),
            tuple(_audience(a) for a in data.get("audience", ())),
        )
    except (KeyError, TypeError) as missing:
        raise DeclarationError(
            Label("课程文件 {file} 缺少 {key}", "the curriculum {file} lacks {key}"), file=path.name, key=str(missing),
        ) from None


def _category(data: dict[str, Any]) -> Category:
    return Category(
        data["key"], Label(data["zh"], data["en"]), data["population"], data["document"], data["clause"], data["quote"],
        int(data.get("order", 0)), tuple(data.get("aliases", ())), tuple(data.get("tags", ())),
    )


def _audience(data: dict[str, Any]) -> Audience:
    also = tuple(str(a["zh"]) for a in data.get("also", ()))
    return Audience(
        data["key"], Label(data["zh"], data["en"]), (*data.get("aliases", ()), *also), data.get("document", ""),
        data.get("quote", ""), bool(data.get("sensitive", False)),
    )
