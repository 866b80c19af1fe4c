"""Imports run one way, and no drawer has a name without meaning."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
NAMELESS = {"utils", "util", "helpers", "helper", "common", "services", "service", "managers", "misc"}
SOURCES = sorted((TOP / "governance").rglob("*.py"))


def test_imports_keep_every_contract():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_a_drawer():
    assert [str(path) for path in SOURCES if NAMELESS & {path.stem, *path.parts}] == []


def test_no_file_is_above_four_hundred_lines():
    files = [*SOURCES, *(TOP / "tests").rglob("*.py"), *(TOP / "templates").rglob("*.jinja")]
    assert [str(path) for path in files if len(path.read_text().splitlines()) > 400] == []


LATE = {
    "render.py",  # WeasyPrint is loaded with the first report, not with every start
    "commands.py",  # the demonstration with its own command
}
"""Imports that may wait, each with its reason."""


def test_no_import_hides_inside_a_function():
    hidden = []
    for path in SOURCES:
        for line in path.read_text().splitlines():
            if line.startswith("    ") and line.lstrip().startswith(("from governance", "import governance")):
                hidden.append(path.name)
    assert hidden == sorted(LATE)
