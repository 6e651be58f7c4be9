"""The pre-commit hooks, the GitHub action and the GitLab component: what they say exists, and their commands run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from accord.cli.main import cli

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "orders"
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
COMPONENT_INPUTS, COMPONENT = (
    document for document in yaml.safe_load_all((ROOT / "templates" / "accord.yml").read_text())
)
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPT: list[str] = COMPONENT["accord"]["script"]


def options_of(words: list[str]) -> tuple[list[click.Option], list[str]]:
    """The options of the command that ``words`` name, and what is left of the words."""
    command: click.Command = cli
    context = click.Context(cli)
    rest = words[1:]
    while isinstance(command, click.Group) and rest:
        inner = command.get_command(context, rest[0])
        assert inner is not None, f"there is no command {' '.join(words)}"
        command, rest = inner, rest[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    return [option for option in command.params if isinstance(option, click.Option)], rest


def settings_of(words: list[str]) -> set[str]:
    """The names in the environment that the command reads."""
    options, _ = options_of(words)
    [name, *_] = [word.upper().replace("-", "_") for word in words[1:]]
    return {
        str(option.envvar) if option.envvar else f"ACCORD_{name}_{str(option.name).upper()}"
        for option in options
    }


@pytest.mark.parametrize("entry", [hook["entry"] for hook in HOOKS])
def test_every_hook_names_a_command_and_flags_that_exist(entry: str) -> None:
    options, rest = options_of(shlex.split(entry))
    known = {flag for option in options for flag in option.opts}
    assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize(
    "step", [step for step in STEPS if "accord " in step["run"]], ids=lambda s: s["name"]
)
def test_every_step_of_the_action_sets_what_its_command_reads(step: dict[str, Any]) -> None:
    set_here = {name for name in step["env"] if name.startswith("ACCORD_")}
    assert set_here <= settings_of(shlex.split(step["run"]))


def test_the_component_sets_what_its_commands_read() -> None:
    read = set[str]().union(*(settings_of(shlex.split(line)) for line in SCRIPT))
    assert {name for name in COMPONENT["accord"]["variables"] if name.startswith("ACCORD_")} <= read


def test_every_input_is_used() -> None:
    text = (ROOT / "action.yml").read_text()
    assert all(f"${{{{ inputs.{name} }}}}" in text for name in ACTION["inputs"])
    text = (ROOT / "templates" / "accord.yml").read_text()
    assert all(f"$[[ inputs.{name} ]]" in text for name in COMPONENT_INPUTS["spec"]["inputs"])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The example in a repository, on a branch that breaks billing."""
    folder = tmp_path / "orders"
    shutil.copytree(EXAMPLE, folder)

    def git(*words: str) -> None:
        who = ("-c", "user.name=team-orders", "-c", "user.email=team-orders@example.com")
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--message", "Version 1")
    git("switch", "--create", "rename")
    shutil.copy(folder / "changes" / "3-rename" / "OrderCreated.avsc", folder / "contracts" / "schemas")
    git("commit", "--all", "--message", "Rename the amount")
    return folder


@pytest.fixture
def shell() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run a line as CI would, with nothing of this machine's CI around it."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI", "ACCORD_"))
    }

    def run(
        line: str, *, folder: Path, env: Mapping[str, str], programs: Path = Path(sys.executable).parent
    ) -> "subprocess.CompletedProcess[str]":
        path = f"{programs}:{clean['PATH']}"
        return subprocess.run(
            ["bash", "-e", "-c", line],
            cwd=folder,
            env={**clean, **env, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment into which the action has installed Accord."""
    home = tmp_path_factory.mktemp("runner")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    programs = home / "venv" / "bin"
    [step] = [step for step in STEPS if "pip install" in step["run"]]
    env = {**os.environ, "PYTHON": str(programs / "python"), "PACKAGE": str(ROOT)}
    subprocess.run(["bash", "-e", "-c", step["run"]], env=env, check=True, capture_output=True)
    return programs


def inputs_of(said: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """The variables of a step, with the inputs that somebody gave."""
    values = {name: said.get(name, spec["default"]) for name, spec in ACTION["inputs"].items()}
    return {
        name: re.sub(r"\${{ inputs\.([\w-]+) }}", lambda found: values[found[1]], value)
        for name, value in env.items()
    }


@pytest.mark.clients
def test_the_action_installs_itself_and_refuses_what_breaks_somebody(
    installed: Path, checkout: Path, shell: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    summary = checkout / "summary.md"
    runner = {"GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": str(summary)}
    codes = {}
    told = ""
    for step in STEPS[1:]:
        env = runner | inputs_of({}, step["env"])
        done = shell(step["run"], folder=checkout, env=env, programs=installed)
        codes[step["name"]] = done.returncode
        told += done.stdout

    assert codes["Check"] == 1
    assert codes["Write the findings for code scanning"] == 0
    assert "::error file=contracts/schemas/OrderCreated.avsc,line=" in told
    rules = {
        result["ruleId"]
        for result in json.loads((checkout / "accord.sarif").read_text())["runs"][0]["results"]
    }
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in rules
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in summary.read_text()


@pytest.mark.soak
def test_the_component_refuses_it_too_and_leaves_its_findings_for_the_diff(
    checkout: Path, shell: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    defaults = {name: str(spec["default"]) for name, spec in COMPONENT_INPUTS["spec"]["inputs"].items()}
    env = {
        name: re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: defaults[found[1]], value)
        for name, value in COMPONENT["accord"]["variables"].items()
    }
    runner = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}

    codes = [shell(line, folder=checkout, env=runner | env).returncode for line in SCRIPT]

    assert codes[0] == 0
    assert 1 in codes[1:]
    findings = json.loads((checkout / "gl-code-quality-report.json").read_text())
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in {finding["check_name"] for finding in findings}


@pytest.mark.soak
def test_the_hooks_stop_a_commit_that_breaks_somebody(
    checkout: Path, shell: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    codes = {
        hook["id"]: shell(
            f"{hook['entry']} {'--into events' * (hook['id'] == 'accord-generate')}", folder=checkout, env={}
        )
        for hook in HOOKS
    }

    assert codes["accord-check"].returncode == 1, codes["accord-check"]
    assert "billing (total_amount)" in codes["accord-check"].stdout
    assert codes["accord-format"].returncode == 0, codes["accord-format"]
    assert codes["accord-generate"].returncode == 1, codes["accord-generate"]
