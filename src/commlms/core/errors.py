"""One error base. Every error says, in two languages, what to do next."""

from __future__ import annotations

from commlms.core.labels import Label, Lang, default_lang


class CommLMSError(Exception):
    """Base of every error that commlms raises on purpose.

    ``label`` holds the sentence in zh and en; ``values`` fills it. Subclasses set ``label``;
    no sentence ever quotes a personal value.
    """

    label = Label("{detail}", "{detail}")

    def __init__(self, label: Label | None = None, **values: object) -> None:
        self.label = label or type(self).label
        self.values = values
        super().__init__(self.say("en"))

    def say(self, lang: Lang | None = None) -> str:
        """The sentence in ``lang`` (the locale's language if None)."""
        return self.label.say(lang or default_lang(), **self.values)


class DeclarationError(CommLMSError):
    """A record, population, metric, curriculum or policy is declared wrongly."""


class PluginError(CommLMSError):
    """A plugin could not be found, imported, registered, migrated or called."""


class UnknownName(CommLMSError):
    """A record, field, place, metric, policy or import that does not exist was named."""

    label = Label("没有这个{what}：{name}。{hint}", "no such {what}: {name}. {hint}")


class FileRefused(CommLMSError):
    """A file cannot be read at all: it is not what its name says, locked, empty, hostile."""


class RowsRefused(CommLMSError):
    """Rows given through the API or with ``--strict`` have problems; nothing was written.

    ``problems`` is the list of :class:`commlms.core.problems.Problem`.
    """

    label = Label(
        "{count} 行有问题，未写入任何内容。第一处：{first}",
        "{count} row(s) have problems; nothing was written. The first: {first}",
    )

    def __init__(self, problems: tuple[object, ...], first: Label) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=first)


class UndoRefused(CommLMSError):
    """An import cannot be undone because later writes rest on it."""


class StoreError(CommLMSError):
    """The database file is not usable as it is: foreign keys off, newer schema, wrong key."""


class LakeError(CommLMSError):
    """A lake cannot be written or read: no such place, another key, another database, a damaged file, pyarrow missing."""


class LakeChanged(LakeError):
    """A lake was published anew while it was read; opening it again gives the new state."""

    label = Label("数据湖在读取时重新发布了；请再运行一次", "the lake was published anew while it was read; run this once more")


class PolicyError(CommLMSError):
    """A rule pack is wrong; ``line`` is the line of its file, ``reason`` a Label."""

    label = Label("{file} 第 {line} 行：{reason}", "{file}, line {line}: {reason}")

    def __init__(self, file: str, line: int, reason: Label) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(file=file, line=line, reason=reason)
