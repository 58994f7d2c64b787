"""README, tutorials and how-to pages run: their blocks work in order, and the outputs they show come out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parents[2]
FIRST_CITY = ROOT / "docs" / "tutorial" / "first-city.md"
TUTORIALS = sorted(set((ROOT / "docs" / "tutorial").glob("*.md")) - {FIRST_CITY})
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
#: What a Python block says it prints: ``print(x)  # -> 1``.
_PROMISED = re.compile(r"# -> (.*)$", re.M)
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
            **{k: v for k, v in os.environ.items() if not k.startswith("COMMLMS_") and k != "COLUMNS"},
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "COMMLMS_KEY_FILE": str(folder / "office.key"),
            "COMMLMS_LAKE_KEY_FILE": str(folder / "lake.key"), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, block: Block) -> str:
        """Run a block; gives what it printed. Fails with the block's text if it ends otherwise than it says."""
        keep = f"trap '{{ export -p; echo cd \"\\\"$PWD\\\"\"; }} > \"{self.state}\"' EXIT"
        command = block.text
        if block.language == "python":
            (self.folder.parent / "block.py").write_text(block.text, encoding="utf-8")
            command = f'python -W error "{self.folder.parent / "block.py"}"'
        script = f'set -euo pipefail\n. "{self.state}"\n{keep}\n{command}'
        done = subprocess.run(
            ["bash", "-c", script], env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )
        said = f"{done.stdout}{done.stderr}"
        assert done.returncode == block.status, f"ended with {done.returncode}:\n{block.text}\n{said}"
        return done.stdout


def missing_lines(shown: str, printed: str) -> list[str]:
    """The lines of an output block that were not printed; runs of blanks count as one, ``...`` stands for anything."""
    there = [" ".join(line.split()) for line in printed.splitlines()]
    wanted = [" ".join(line.split()) for line in shown.splitlines() if line.strip() not in ("", "...")]
    return [line for line in wanted if not any(line in printed_line for printed_line in there)]


def run_page(page: Path, shell: Shell) -> int:
    """Run the commands and scripts of a page in order and compare what it shows; gives how many ran."""
    printed, ran, count = "", "", 0
    for block in blocks_of(page):
        if block.language == "text":
            lacking = missing_lines(block.text, printed)
            assert not lacking, f"not printed: {lacking}\nby:\n{ran}\nbut:\n{printed}"
        elif block.language in ("bash", "python"):
            printed, ran, count = shell.run(block), block.text, count + 1
            lacking = missing_lines("\n".join(_PROMISED.findall(block.text)), printed)
            assert not lacking, f"not printed: {lacking}\nby:\n{ran}\nbut:\n{printed}"
    return count


@pytest.fixture(scope="module")
def first_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the first tutorial leaves behind; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("city")
    run_page(FIRST_CITY, Shell(folder))
    return folder


def test_the_first_city_is_judged_and_reported_as_its_page_says(first_city: Path) -> None:
    """The page has run by now (the fixture compares what it shows); its last step leaves reports and the key apart."""
    folder = first_city / "work" / "first-city"
    assert (folder / "report.html").stat().st_size > 0
    assert (folder / "roster-rejects.xlsx").exists()
    assert not (folder / "office.key").exists()


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda p: str(p.name))
def test_a_tutorial_runs_from_an_empty_folder_and_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    assert run_page(page, Shell(tmp_path)) > 5


def test_the_sixth_city_is_judged_as_its_page_says(tmp_path: Path) -> None:
    """In an empty folder with the examples in it."""
    shell = Shell(tmp_path)
    shutil.copytree(ROOT / "examples" / "sixth_city", shell.folder / "examples" / "sixth_city")
    assert run_page(ROOT / "examples" / "sixth_city" / "README.md", shell) == 1


@pytest.mark.parametrize("page", HOW_TO, ids=lambda p: str(p.name))
def test_a_how_to_page_runs_in_the_folder_of_the_first_city(page: Path, first_city: Path, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shutil.copytree(first_city / "work" / "first-city", shell.folder, dirs_exist_ok=True)
    shutil.copy(first_city / "office.key", tmp_path)
    shell.run(Block("bash", "export COMMLMS_DB=city.db COMMLMS_LANG=en\n"))
    assert run_page(page, shell) >= 1


@pytest.mark.parametrize("page", READMES, ids=lambda p: str(p.name))
def test_the_lines_of_the_readme_that_embed_it_run(page: Path, tmp_path: Path) -> None:
    scripts = [block.text for block in blocks_of(page) if block.language == "python"]
    assert scripts, f"{page.name} shows no Python"
    for text in scripts:
        assert len([line for line in text.splitlines() if line.strip()]) <= 12, f"more than a screen's corner:\n{text}"
    assert run_page(page, Shell(tmp_path)) == len(scripts)


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
