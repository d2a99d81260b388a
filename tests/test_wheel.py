"""The wheel: what is in it, and that it runs in an environment and a folder that know nothing of the clone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.clone import ROOT, files
from tests.factory import ABOUT

LINKED = ("crawlers", "consumers", "mappings")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the clone, with the build tools of this environment: no network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel. What it depends on is read from this environment's folder."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    target = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-q", "--no-index", "--no-deps", wheel], check=True)
    # The dependencies' folder alone: a .pth that it holds, as that of an editable install, is not read from there.
    (target / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(ABOUT.format(title="Interior ministers meet", more=""), encoding="utf-8")
    return tmp_path


def run(installed: Path, folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OTSWATCH_", "PYTHON"))}
    command = [installed / "bin" / program, *arguments]
    done = subprocess.run(command, cwd=folder, env={**kept, "HOME": str(folder)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path):
    held = {entry for entry in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in entry}
    package = [file for file in files("otswatch", *LINKED) if (ROOT / file).is_file()]
    assert held == {f"otswatch/{file}" if file.startswith(LINKED) else file for file in package}


def test_the_wheel_has_its_data_and_says_that_it_is_typed(wheel: Path):
    held = zipfile.ZipFile(wheel).namelist()
    for kind in (
        "otswatch/py.typed",
        "otswatch/mappings/articles.json",
        "otswatch/taxonomy/areas/security.yaml",
        "otswatch/taxonomy/organisations.yaml",
        "otswatch/dates/data/tr.yaml",
        "otswatch/crawlers/sources/TR.yaml",
        "otswatch/consumers/chain.py",
    ):
        assert kind in held


def test_the_wheel_imports_its_own_files(installed: Path, elsewhere: Path):
    code = (
        "import otswatch, otswatch.crawlers, otswatch.consumers as c; print(otswatch.__file__, c.__file__, sep='\\n')"
    )
    for line in run(installed, elsewhere, "python", "-c", code).stdout.splitlines():
        assert Path(line).is_relative_to(installed)
    bare = "import importlib.util as u; print([n for n in ('crawlers', 'consumers', 'tests') if u.find_spec(n)])"
    assert run(installed, elsewhere, "python", "-c", bare).stdout.strip() == "[]"


def test_the_wheel_runs_in_another_folder(installed: Path, elsewhere: Path):
    doctor = run(installed, elsewhere, "otswatch", "doctor").stdout
    assert "FAIL" not in doctor
    assert f"data folder: {elsewhere / 'data'}" in doctor

    article = json.loads(run(installed, elsewhere, "otswatch", "process", "page.html").stdout)
    assert (article["status"], article["published"]["at"]) == ("ok", "2026-03-02T14:05:00+05:00")
    assert article["areas"][0]["id"] == "security"

    found = json.loads(
        run(installed, elsewhere, "otswatch", "search", "security", "--exact", "--format", "json").stdout
    )
    assert found == {"total": 0, "undated": 0, "after": None, "expanded": [], "articles": []}


def test_the_wheel_shows_the_demo(installed: Path, elsewhere: Path):
    said = run(installed, elsewhere, "otswatch", "demo", "--once").stdout
    assert "articles in 9 languages" in said
    assert (elsewhere / "data" / "demo" / "index.sqlite").exists()
