"""The units of deploy/systemd: systemd takes them, and what they call is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from otswatch.cli import app
from otswatch.cli.common import EXIT_QUARANTINE_FULL, EXIT_USAGE
from otswatch.consumers.topology import CONSUMERS
from otswatch.settings import Settings

UNITS = Path(__file__).parent.parent / "deploy" / "systemd"
PROGRAM = "/opt/otswatch/bin/otswatch"


def values(unit: str, name: str) -> list[str]:
    """What a unit says of a setting, word by word."""
    lines = re.findall(rf"^{name}=(.+)$", (UNITS / unit).read_text(encoding="utf-8"), re.M)
    return " ".join(lines).split()


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.iterdir()))
def test_units_call_commands_and_settings_that_are_there(unit: str):
    program, name, *options = values(unit, "ExecStart")
    assert program == PROGRAM
    command = typer.main.get_command(app).commands[name]
    known = {option for param in command.params for option in param.opts}
    assert {option for option in options if option.startswith("-")} <= known
    named = {setting.partition("=")[0] for setting in values(unit, "Environment")}
    assert named <= {f"OTSWATCH_{name.upper()}" for name in Settings.model_fields}


def test_every_consumer_runs_in_one_unit_and_only_that_of_alerts_has_a_network():
    apart = [values(f"otswatch-{name}.service", "ExecStart")[2:] for name in ("consume", "alert")]
    assert apart[1] == ["alert"]
    assert sorted(name for names in apart for name in names) == sorted(CONSUMERS)
    assert [values(f"otswatch-{name}.service", "PrivateNetwork") for name in ("consume", "alert")] == [["yes"], []]


def test_what_a_restart_cannot_mend_is_not_restarted():
    codes = values("otswatch-consume.service", "RestartPreventExitStatus")
    assert codes == [str(EXIT_USAGE), str(EXIT_QUARANTINE_FULL)]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_takes_the_units(tmp_path: Path):
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    verdict = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (verdict.returncode, verdict.stderr) == (0, "")
