"""README and tutorials do what they say: their blocks run in order, and the outputs they show come out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
_FENCE = re.compile(r"^```(\w+)((?: \w+=\S+)*)\n(.*?)^```$", re.M | re.S)


@attrs.frozen
class Block:
    """One fenced block of a page: its language, its text, and the exit status it is to end with."""

    language: str
    text: str
    status: int = 0


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page in order. ``status=3`` behind the language names the expected exit status."""
    found = []
    for language, options, text in _FENCE.findall(page.read_text(encoding="utf-8")):
        named = dict(word.split("=", 1) for word in options.split())
        found.append(Block(language, text, int(named.get("status", 0))))
    return found


class Shell:
    """Runs blocks one after another as one person at one terminal would: folder and exported variables carry over."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder / "work", folder / "state.sh"
        self.folder.mkdir()
        self.state.write_text(f'cd "{self.folder}"\n', encoding="utf-8")
        binaries = Path(sys.executable).parent
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("COMMLMS_")},
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "COMMLMS_KEY_FILE": str(folder / "office.key"),
            "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, block: Block) -> str:
        """Run a block; gives what it printed. Fails with the block's text if it ends otherwise than it says."""
        keep = f"trap '{{ export -p; echo cd \"\\\"$PWD\\\"\"; }} > \"{self.state}\"' EXIT"
        script = f'set -euo pipefail\n. "{self.state}"\n{keep}\n{block.text}'
        done = subprocess.run(
            ["bash", "-c", script], env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )
        assert done.returncode == block.status, f"ended with {done.returncode}:\n{block.text}\n{done.stdout}{done.stderr}"
        return done.stdout


def missing_lines(shown: str, printed: str) -> list[str]:
    """The lines of an output block that were not printed; runs of blanks count as one, ``...`` stands for anything."""
    there = [" ".join(line.split()) for line in printed.splitlines()]
    wanted = [" ".join(line.split()) for line in shown.splitlines() if line.strip() not in ("", "...")]
    return [line for line in wanted if not any(line in printed_line for printed_line in there)]


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda p: str(p.name))
def test_a_tutorial_runs_from_an_empty_folder_and_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    shell, printed, ran = Shell(tmp_path), "", ""
    for block in blocks_of(page):
        if block.language == "bash":
            printed, ran = shell.run(block), block.text
        elif block.language == "text":
            lacking = missing_lines(block.text, printed)
            assert not lacking, f"not printed: {lacking}\nby:\n{ran}\nbut:\n{printed}"
    assert ran, f"{page.name} has no command"


@pytest.mark.parametrize("page", READMES, ids=lambda p: str(p.name))
def test_the_lines_of_the_readme_that_embed_it_run(page: Path, tmp_path: Path) -> None:
    scripts = [block.text for block in blocks_of(page) if block.language == "python"]
    assert scripts, f"{page.name} shows no Python"
    shell = Shell(tmp_path)
    for text in scripts:
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) <= 12, f"more than a screen's corner:\n{text}"
        (tmp_path / "work" / "embed.py").write_text(text, encoding="utf-8")
        printed = shell.run(Block("bash", "python -W error embed.py"))
        for promised in re.findall(r"# -> (.*)$", text, re.M):
            assert promised in printed, f"not printed: {promised}\nby:\n{text}\nbut:\n{printed}"


@pytest.mark.parametrize("page", READMES, ids=lambda p: str(p.name))
def test_the_readme_names_the_two_commands_that_the_makefile_has(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first_screen = page.read_text(encoding="utf-8").splitlines()[:45]
    for command in ("demo", "test"):
        assert re.search(rf"^{command}:", makefile, re.M)
        assert any(f"make {command}" in line for line in first_screen), command


def test_a_block_that_ends_otherwise_than_it_says_fails_with_its_text(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="false && true"):
        Shell(tmp_path).run(Block("bash", "false && true\n[ -e nothing ]\n"))


def test_the_folder_and_exported_variables_carry_over_to_the_next_block(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.run(Block("bash", "mkdir inner && cd inner\nexport WORD='two  words'\n"))
    assert shell.run(Block("bash", 'basename "$PWD"\necho "$WORD"\n')) == "inner\ntwo  words\n"


def test_a_shown_line_that_was_not_printed_is_found() -> None:
    assert missing_lines("a  b\n...\nc\n", "x a b\nd\n") == ["c"]
