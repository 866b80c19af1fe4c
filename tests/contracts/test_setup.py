"""What a stranger clones: scripts that run, locks that hold, and nothing that names somebody's own machines."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", ".ci/uv.txt"]
SCRIPTS = ["run", "check", ".ci/run", ".ci/fresh"]
NOT_OURS = re.compile(r"\.git|\.venv|__pycache__|\.hypothesis|\.\w+_cache")
LOCKED = re.compile(r"[a-z0-9._-]+(\[\w+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}")
# written apart, so that this file passes its own test
REGISTRIES = "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npm", "registry" + r"\.yarn"])


def committed() -> list[Path]:
    """Every file that belongs to the repository, without asking git, which a fresh machine may lack."""
    found = []
    for folder, below, names in os.walk(TOP):
        below[:] = [name for name in below if not NOT_OURS.fullmatch(name) and Path(folder, name) != TOP / "instance"]
        found += [Path(folder, name) for name in names]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_has_its_hashes(lock: str):
    blocks = re.split(r"\n(?=\S)", (TOP / lock).read_text().replace("\\\n", " ").strip())
    assert [each.split(" ")[0] for each in blocks if not LOCKED.match(each)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_what_and_never_from_where(lock: str):
    assert re.findall(r"(?m)http|file:|@ |index-url|find-links|^--", (TOP / lock).read_text()) == []


def test_what_serves_is_locked_to_the_versions_that_were_tested():
    serving, tested = (set(re.findall(r"(?m)^\S+==\S+", (TOP / lock).read_text())) for lock in LOCKS[:2])
    assert serving - tested == set()


@pytest.mark.parametrize(("lock", "group"), [("requirements.txt", None), ("requirements-dev.txt", "dev")])
def test_every_package_asked_for_is_locked(lock: str, group: str | None):
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"].get(group, [])
    names = {re.split(r"[\[~=<>! ]", each)[0].lower() for each in asked}
    assert names - set(re.findall(r"(?m)^([\w.-]+)(?:\[\w+\])?==", (TOP / lock).read_text())) == set()


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_typed_as_it_stands(script: str):
    assert os.access(TOP / script, os.X_OK)
    assert (TOP / script).read_text().startswith("#!/usr/bin/env bash\n")


@pytest.mark.parametrize("script", [*SCRIPTS, ".ci/setup.sh"])
def test_bash_reads_a_script_without_fault(script: str):
    read = subprocess.run(["bash", "-n", script], cwd=TOP, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_continuous_integration_runs_the_command_that_people_type():
    assert '/../check" "$@"' in (TOP / ".ci/run").read_text()


def test_no_file_names_a_package_registry():
    named = re.compile(REGISTRIES.encode())
    assert [str(file.relative_to(TOP)) for file in committed() if named.search(file.read_bytes())] == []
