"""What hands do to a pack: numbers without end, signs of the wrong width, names that are taken; each has line and reason."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import commlms
from commlms import PluginError, PolicyError, policy_from_toml
from commlms.opening import check_policy
from tests.policies.test_wrong_packs import GOOD, HOST, hosted, run

BUNDLED = commlms.Host()


def refused(tmp_path: Path, text: str, host: commlms.Host = HOST) -> PolicyError:
    """The error of a pack with this text."""
    path = tmp_path / "pack.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        check_policy(path, host)
    assert raised.value.reason.zh != raised.value.reason.en
    return raised.value


@pytest.mark.parametrize(("old", "new", "word"), [
    # Numbers that no arithmetic holds.
    ("value = 50", f"value = {'9' * 5000}", "a number too long"), ("value = 50", f"value = {'[' * 5000}", "brackets too deep"),
    ("value = 50", "value = 1e999999999", "at most 15 digits"), ("value = 50", "value = 1e99999999999999999999", "at most 15 digits"),
    ("value = 50", "value = 50.0000000000000000001", "18 decimals"),
    # What is no TOML, and where to look.
    ("value = 50", "value = 50\nvalue = 50", "stands twice"), ('unit = "percent"', 'unit ＝ "percent"', "the sign ＝"),
    ('unit = "percent"', "unit = “percent”", "the sign “"), ('unit = "percent"', 'unit =\u3000"percent"', "U+3000"),
    ("due = 2020-12-31", "due = 2020/12/31", "a date is 2022-12-31"), ('unit = "percent"', 'unit = "percent', "quotes"),
    # A table within a line: which of its keys.
    ('scope = { level = "city" }', 'scope = { levels = "city" }', "unknown key levels in scope"),
    ('scope = { level = "city" }', 'scope = { level = "township", kind = "streeet" }', "scope.kind must be one of street"),
    ("when = []", 'when = [{ metric = "core.persons", count = 0 }]', "when.count must be a whole number"),
    ("when = []", "when = [{ count = 2 }]", "metric is missing in when"),
    # Words of nothing that can be seen; names that nobody could type.
    ('unit = "percent"\nscope', 'unit = "percent"\n"weight" = 3\nscope', "unknown key weight"),
    ('code = "sc"', 'code = "s c"', "without spaces"), ('code = "sc"', 'code = "s\u202ec"', "without spaces"),
    ('zh = "关于进一步推进社区教育发展的通知"', 'zh = "\u200b"', "not empty"),
])
def test_a_slip_of_the_hand_is_told_at_its_line(tmp_path: Path, old: str, new: str, word: str) -> None:
    """Never a traceback: the line of what is wrong, or the next where a bracket stayed open, and what to write."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    error = refused(tmp_path, text)
    line = text[: text.index(new)].count("\n") + 1
    assert word in error.reason.en
    assert line <= error.line <= line + new.count("\n") + 1


@pytest.mark.parametrize("head", ["[[ target ]]", '[["target"]]', "[[target]] # 目标"])
def test_a_line_is_found_however_tables_and_texts_are_written(tmp_path: Path, head: str) -> None:
    """Spaces and quotes in a table's name, a long text that looks like tables, signs that only some programs take for a new line."""
    text = GOOD.replace("[[target]]", head).replace("[policy]", "# a\u2028b\x85c\n[policy]", 1)
    text = text.replace('gloss = "', 'gloss = """\n[[target]]\nvalue = 3"""\n# "', 1)
    text = text.replace('unit = "percent"', 'unit = "per cent"', 1)
    error = refused(tmp_path, text)
    assert error.line == text[: text.index('unit = "per cent"')].count("\n") + 1


@pytest.mark.parametrize("text", ["", "# nothing\n", "[[target]]\nid = 'x'\n"])
def test_a_file_without_a_document_says_so(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).reason.en == "there is no [policy]"


@pytest.mark.parametrize("table", ["goal", "body", "chain"])
def test_what_binds_nobody_is_refused(tmp_path: Path, table: str) -> None:
    """A goal, body or chain of no level."""
    start = GOOD.index(f"[[{table}]]")
    at = GOOD.index("levels = [", start)
    text = f"{GOOD[:at]}levels = []{GOOD[GOOD.index(chr(10), at):]}"
    assert "levels must be a list, not empty" in refused(tmp_path, text).reason.en


def test_money_per_person_is_no_percentage(tmp_path: Path) -> None:
    """Yuan a resident against 2 % would be judged as a hundredth of what the sentence says."""
    text = GUANGZHOU.read_text(encoding="utf-8").replace('unit = "yuan/person"', 'unit = "percent"')
    error = refused(tmp_path, text, BUNDLED)
    assert error.reason.en == "the metric funding.special_provided_per_head is money per person: yuan/person"


GUANGZHOU = Path(__file__).parents[2] / "plugins" / "policies" / "commlms_policies" / "packs" / "guangzhou-2012.toml"


@pytest.mark.parametrize(("old", "new", "word"), [
    ('id = "900"', 'id = "002"', "002 is a name of guangzhou-2012 already"),
    ('code = "sc"', 'code = "gz"', "gz is a name of guangzhou-2012 already"),
    ('"sc-participation-2020"', '"gz-fund-per-head"', "guangzhou-2012 has gz-fund-per-head already"),
])
def test_a_name_of_another_document_is_refused_by_the_check(tmp_path: Path, old: str, new: str, word: str) -> None:
    """A command with that name could mean either."""
    assert old in GOOD
    assert refused(tmp_path, GOOD.replace(old, new), BUNDLED).reason.en == word


def test_a_name_of_another_document_stops_the_start_and_names_the_file() -> None:
    """Two loaded documents of one code: the later is the one that is left out."""
    one = policy_from_toml(Path(__file__).with_name("good.toml"))
    with pytest.raises(PluginError, match=r"good\.toml, line \d+: sc is a name of .* already"):
        hosted(one, attrs.evolve(one, key="other", id="other"))


def test_what_nothing_loaded_can_confirm_is_told_beside_the_good_news(tmp_path: Path) -> None:
    """A misspelt plugin passes, as an absent one does; it is named."""
    path = tmp_path / "pack.toml"
    path.write_text(GUANGZHOU.read_text(encoding="utf-8").replace('metric = "funding.', 'metric = "fundng.'), encoding="utf-8")
    done = run("--lang", "en", "policies", "check", str(path))
    assert done.returncode == 0
    assert "not checked: fundng.special_provided_per_head, as no plugin fundng is loaded" in done.stdout
    assert "nothing wrong" in done.stdout
