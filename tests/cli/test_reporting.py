import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from accord.cli.highlighting import highlighted
from accord.cli.main import run
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.errors import ConfigurationError
from accord.findings import Exemption, Finding, Location, Report, Severity, Side, render


def finding(severity: Severity, exemption: Exemption | None = None) -> Finding:
    at = Location("a.avsc", 1, 1, "{}", 1)
    return Finding("R", severity, "m", "w", "", Side("s", ""), Side("", ""), at=at, exemption=exemption)


ERROR, WARNING, REMARK = map(finding, Severity)
ACCEPTED = finding(Severity.ERROR, Exemption("because", "2027-01-31"))


def told(*arguments: str, findings: tuple[Finding, ...] = (ERROR,)) -> Result:
    @click.command()
    @report_options
    @pass_output
    def command(output: Output, *, reporting: Reporting) -> int:
        return deliver(output, Report("check", "1 schema", findings), reporting)

    @click.pass_context
    def exit_with(context: click.Context, /, code: int, **_: object) -> None:
        context.exit(code)

    group = click.Group("accord", commands={"check": command}, result_callback=exit_with)
    return CliRunner().invoke(group, ["check", *arguments], obj=Output())


@pytest.mark.parametrize(
    ("findings", "arguments", "code"),
    [
        ((), [], 0),
        ((ERROR,), [], 1),
        ((WARNING,), [], 0),
        ((REMARK,), ["--fail-on", "warning"], 0),
        ((WARNING,), ["--fail-on", "warning"], 1),
        ((ERROR,), ["--fail-on", "warning"], 1),
        ((ERROR,), ["--fail-on", "never"], 0),
        ((ERROR,), ["--exit-zero"], 0),
        ((ACCEPTED,), ["--fail-on", "warning"], 0),
    ],
)
def test_the_exit_code_is_the_verdict(findings: tuple[Finding, ...], arguments: list[str], code: int) -> None:
    assert told(*arguments, findings=findings).exit_code == code


def test_text_is_the_default_and_ends_with_the_summary() -> None:
    result = told()
    assert result.stdout.startswith("error[R]: m\n")
    assert result.stdout.endswith("\n1 error · 0 warnings · checked 1 schema\n")
    assert result.stderr == ""


def test_colours_change_no_character() -> None:
    text = render(Report("check", "1 schema", (ERROR, WARNING, ACCEPTED)), "text")
    coloured = highlighted(text)
    assert coloured.plain == text
    shown = {text[span.start : span.end] for span in coloured.spans if span.style == "bold red"}
    assert shown == {"error"}
    assert "  | ^" in {text[span.start : span.end] for span in coloured.spans}


@pytest.mark.parametrize("format", ["json", "sarif", "gitlab"])
def test_documents_stand_alone_on_stdout(format: str) -> None:
    json.loads(told("--format", format).stdout)


def test_a_report_goes_into_a_file_and_the_summary_to_stderr(tmp_path: Path) -> None:
    file = tmp_path / "report.sarif"
    result = told("--format", "sarif", "--output", str(file))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "1 error" in result.stderr
    assert json.loads(file.read_text())["version"] == "2.1.0"


def test_a_file_that_cannot_be_written_is_a_matter_of_usage(tmp_path: Path) -> None:
    result = told("--output", str(tmp_path / "no" / "such"))
    assert isinstance(result.exception, ConfigurationError)


def test_a_job_of_github_gets_all_findings_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    many = (WARNING,) * 12

    result = told("--format", "github", findings=many)
    assert result.stdout.count("::warning ") == 10
    assert "and 2 more, which the job summary shows" in result.stdout
    assert page.read_text().startswith("before\n## ✅ accord check\n")
    assert page.read_text().count("| ⚠️ | R |") == 12

    told("--format", "text", findings=many)
    assert page.read_text().count("## ✅") == 1


ORDER = '{"type": "record", "name": "order", "doc": "d", "fields": [{"name": "id", "type": "string", "doc": "d"}]}'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Order.avsc").write_text(ORDER)
    (tmp_path / "accord.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_lint_tells_of_the_files_here(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert project == Path.cwd()
    assert run(["lint"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("warning[LINT_RECORD_NAME]: the name `order` does not match")
    assert " --> Order.avsc:1:28\n" in out
    assert "0 errors · 1 warning · checked 1 schema in " in out
    assert run(["lint", "--fail-on", "warning"]) == 1


@pytest.mark.parametrize(
    ("here", "file"), [("..", "{}/Order.avsc"), (".", "Order.avsc"), ("inner", "../Order.avsc")]
)
def test_files_are_named_as_from_here(
    here: str, file: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "inner").mkdir()
    monkeypatch.chdir(project / here)
    assert run(["lint", "--project", str(project), "--format", "sarif"]) == 0
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == file.format(project.name)


@pytest.mark.soak
def test_lint_loads_nothing_that_reaches_a_network(project: Path) -> None:
    """In a process of its own, as what is loaded here already would not be seen."""
    code = "import sys; from accord.cli.main import run; run(['lint']); print(*sys.modules, file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=project
    )
    assert "checked 1 schema" in told.stdout
    heavy = {
        "confluent_kafka",
        "httpx2",
        "rich",
        "asyncio",
        "google.protobuf",
        "accord.client",
        "accord.kafka",
    }
    assert heavy & set(told.stderr.split()) == set()


def test_lint_says_what_does_not_parse_with_line_column_and_excerpt(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Bad.avsc").write_text('{\n  "type": "recrod",\n  "name": "A"\n}')
    assert run(["lint", "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    [bad] = [one for one in findings if one["severity"] == "error"]
    assert (bad["at"]["file"], bad["at"]["line"]) == ("Bad.avsc", 2)
    assert '"type": "recrod"' in bad["at"]["excerpt"]


@pytest.mark.parametrize(
    "arguments", [["--ignore", "lint_record"], ["--select", "LINT_DOC_MISSING"], ["--record-names", "order"]]
)
def test_lint_looks_for_what_it_is_told_to(
    arguments: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.exists()
    assert run(["lint", *arguments, "--fail-on", "warning"]) == 0
    assert "0 warnings" in capsys.readouterr().out


def test_the_settings_file_says_what_lint_ignores(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "accord.toml").write_text('[lint]\nignore = ["LINT_RECORD_NAME"]\nfail-on = "warning"\n')
    assert run(["lint"]) == 0
    assert "0 warnings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ignore", "LINT_RECORD_NMAE"], "did you mean LINT_RECORD_NAME?"),
        (["--select", "AVRO_"], "no rule of lint begins with 'AVRO_'"),
        (["--field-names", "["], "no regular expression"),
    ],
)
def test_what_lint_cannot_use_is_refused(
    arguments: list[str], words: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.exists()
    assert run(["lint", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("command", ["lint", "format"])
def test_where_there_is_nothing_to_look_at_somebody_is_told(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--project", str(tmp_path)]) == 2
    assert "accord init" in capsys.readouterr().err


def test_lint_shows_what_is_accepted_for_now(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "orders.odcs.yaml").write_text(
        "apiVersion: v3.2.0\nkind: DataContract\nid: orders\nname: Orders\nversion: 1.0.0\nstatus: active\n"
        "team: {name: team-orders}\nschema:\n  - name: order\n    physicalName: orders\n    physicalType: topic\n"
        "    authoritativeDefinitions: [{type: implementation, url: Order.avsc}]\n"
        "customProperties:\n  - property: kafka\n    vendor: accord\n    value:\n"
        "      config: {retention.ms: 604800000}\n"
        "      allow: [{rule: LINT_RECORD_NAME, reason: the class is there already, until: 2999-12-31}]\n"
    )
    assert run(["lint", "--fail-on", "warning"]) == 0
    out = capsys.readouterr().out
    assert "accepted[LINT_RECORD_NAME]: the name `order`" in out
    assert "= until 2999-12-31: the class is there already" in out
    assert "1 accepted for now · checked 1 schema and 1 contract" in out


def test_format_lays_files_out_and_says_which(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["format", "--check"]) == 1
    assert capsys.readouterr().out == "Order.avsc\n"
    assert (project / "Order.avsc").read_text() == ORDER

    assert run(["format"]) == 0
    told = capsys.readouterr()
    assert told.out == "Order.avsc\n"
    assert "laid out anew: 1 of 1 file" in told.err
    assert (project / "Order.avsc").read_text() != ORDER

    assert run(["format", "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_format_says_what_it_leaves_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "Order.avsc").write_text(f"// why\n{ORDER}")
    assert run(["format"]) == 0
    assert "Order.avsc is left alone: it has comments" in capsys.readouterr().err


def test_what_cannot_be_read_is_left_alone_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Order.avsc").write_text("{", encoding="utf-8")
    assert run(["format", "--check"]) == 0
    assert "Order.avsc is left alone: this is no valid Avro schema" in capsys.readouterr().err


def test_the_sample_of_init_is_clean_and_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    capsys.readouterr()

    assert run(["lint", "--fail-on", "warning"]) == 0
    assert capsys.readouterr().out.startswith("0 errors · 0 warnings · checked ")
    assert run(["format", "--check"]) == 0
