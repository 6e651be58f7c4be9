"""``accord record-deployment``: tell the registry what runs where from now on."""

from pathlib import Path

import click
import msgspec

from accord.cli.deploying import target
from accord.cli.options import Environment, load_project, project_option, registry_option
from accord.cli.output import Output, format_option, pass_output
from accord.client.reports import DeployedWrite
from accord.contracts.deployments import deployment_of, previous
from accord.contracts.deployments.recording import deployed_again, require_something, undated
from accord.errors import ConfigurationError
from accord.findings.report import counted


@click.command("record-deployment")
@click.option("--service", required=True, metavar="NAME", help="What was deployed.")
@click.option("--version", metavar="VERSION", help="Its version.")
@click.option("--to", required=True, metavar="ENVIRONMENT", help="Where it runs now.")
@click.option(
    "--writes",
    multiple=True,
    metavar="SUBJECT",
    help="A subject that it writes to, beside those of its roles; may be repeated.",
)
@click.option("--gone", is_flag=True, help="It runs there no more: forget what was recorded of it.")
@project_option
@registry_option
@format_option
@pass_output
def command(
    output: Output,
    *,
    service: str,
    version: str | None,
    to: str,
    writes: tuple[str, ...],
    gone: bool,
    project: Path | None,
    registry: str | None,
    format: str,
) -> int:
    """Record that a version of a service runs in an environment, with what it reads and writes.

    It reads what its claim says (consumers/*.yaml), or what was observed of it or a contract tells. It writes to the
    topics whose contracts give it the role, and to the subjects that are named, with the schema files of the project or
    else the newest registered version. A version that was recorded before, and was not there now, is what it was then,
    whatever the project says by now. Run it after each deployment: what is recorded of last is what runs there, and
    what came before is where `accord rollout --roll-back` leads. With --gone nothing of the service is recorded there any
    more.
    """
    if gone == (version is not None):
        raise ConfigurationError(
            "what runs has a version, and what is gone has none", hint="say one of --version and --gone"
        )
    if version is None:
        return _gone(output, target(to, registry, project=project), service, to, format)
    files = load_project(project)
    with target(to, registry, project=project).registry() as client:
        again = deployed_again(client.deployments(service=service), service, version, to)
        report = again or deployment_of(service, version, to, project=files, registry=client, writes=writes)
        require_something(report)
        kept = client.report_deployment(undated(report))
        before = previous(client.deployments(service=service, environment=to), service, to)
    if format == "json":
        output.json(msgspec.to_builtins(kept))
        return 0
    came = "nothing was recorded there before" if before is None else f"before it was {before.version}"
    known = "" if again is None else ", as it was recorded before"
    output.good(f"{service} {version} runs in {to}{known}; {came}")
    for read in kept.reads:
        output.say(
            f"  reads {read.subject}: {'all fields' if read.fields is None else ', '.join(read.fields)}"
        )
    for write in kept.writes:
        output.say(f"  writes {write.subject}: {_schema(write)}")
    return 0


def _gone(output: Output, place: Environment, service: str, to: str, format: str) -> int:
    with place.registry() as client:
        known = client.deployments(service=service, environment=to)
        for one in known:
            client.forget_report(one)
    if not known:
        raise ConfigurationError(
            f"nothing is recorded of {service} in {to}",
            hint="correct the name of the service or of the environment",
        )
    if format == "json":
        output.json({"gone": [msgspec.to_builtins(one) for one in known]})
        return 0
    output.good(f"{service} runs in {to} no more: {counted(len(known), 'deployment')} forgotten")
    return 0


def _schema(write: DeployedWrite) -> str:
    if write.schema_id is not None:
        return f"schema id {write.schema_id}"
    return "a schema that nobody knows" if write.schema is None else "a schema that is not registered"
