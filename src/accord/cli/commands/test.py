"""``accord test``: contract tests of a project, offline or with everybody that the registry knows of."""

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from accord.cli.options import env_option, environment, load_project, project_option, registry_option
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.cli.watching import watchable
from accord.client import Registry
from accord.contracts.exemptions import exempt
from accord.contracts.known import KnownReader
from accord.contracts.loading import rules as loading_rules
from accord.contracts.model import Project
from accord.contracts.readers import known_readers
from accord.contracts.testing import Case, Result, cases_of, latest_schemas, results_of
from accord.contracts.testing.rules import RULES
from accord.errors import ConfigurationError
from accord.findings import Finding, Report, Severity
from accord.findings.report import counted

OFFLINE = "nobody was asked who else reads it: --env or --registry asks a registry"


@click.command("test")
@project_option
@env_option
@registry_option
@click.option("--consumer", metavar="SERVICE", multiple=True, help="Only this consumer; may be repeated.")
@click.option("--publish", is_flag=True, help="Tell the registry the results, for `accord can-i-deploy`.")
@click.option(
    "--version", metavar="VERSION", help="The version of the services whose claims are in this project."
)
@report_options
@pass_output
@watchable
def command(
    output: Output,
    project: Path | None,
    env: str | None,
    registry: str | None,
    *,
    consumer: tuple[str, ...],
    publish: bool,
    version: str | None,
    reporting: Reporting,
) -> int:
    """Try what consumers say they need on what producers say they write, with the real codecs.

    A consumer needs fields and states examples, in its claim (consumers/billing.yaml) or in the contract. A producer
    states examples in the contract. Each of the producer's examples is encoded with its schema and decoded as each
    consumer would decode it; each of a consumer's examples must be one that the schema can write.

    Offline, that is everybody whom the project's files name. With --env or --registry it is also every claim and observed
    reader in the registry, with their own schemas, and what the project reads is the newest version that is registered.
    Exit code 1 if a consumer does not get what it needs.
    """
    started = time.monotonic()
    files = load_project(project)
    asked = env is not None or registry is not None or publish
    with environment(env, registry, project=project).registry() if asked else nullcontext() as client:
        readers = _readers(files, client, version)
        latest = latest_schemas(files, client) if client is not None else {}
        every = cases_of(files, readers, latest=latest)
        _require(consumer, every)
        cases = [case for case in every if _is_wanted(case, consumer)]
        tried = [(case, case.run()) for case in cases]
        found = dict.fromkeys((*_faults(files), *(finding for _, findings in tried for finding in findings)))
        findings = _accepted(tuple(found), files)
        results = results_of((case, [findings.get(one, one) for one in told]) for case, told in tried)
        last = OFFLINE if client is None else _publish(client, results) if publish else ""
    notes = (*_out_of_reach(files, every, asked=asked), *_untold(cases, results), *filter(None, [last]))
    took = time.monotonic() - started
    report = Report(
        "test", _checked(cases, results), tuple(findings.values()), notes, took, details=_details(results)
    )
    return deliver(output, report, reporting)


def _accepted(findings: tuple[Finding, ...], project: Project) -> Mapping[Finding, Finding]:
    """The findings with their exemptions, by what they are without; and those about allowances themselves."""
    today, own = dt.datetime.now(dt.UTC).date(), {rule.id for rule in RULES}
    return {replace(one, exemption=None): one for one in exempt(findings, project, today, looked_for=own)}


def _require(consumers: tuple[str, ...], cases: Sequence[Case]) -> None:
    """Raise ConfigurationError for a consumer that reads nothing of this."""
    known = sorted({case.pair.consumer.service for case in cases if case.pair is not None})
    unknown = [name for name in consumers if name not in known]
    if unknown:
        raise ConfigurationError(
            f"{unknown[0]} is no consumer that is known here",
            hint=f"choose one of: {', '.join(known) or 'none'}",
        )


def _out_of_reach(project: Project, cases: Sequence[Case], *, asked: bool) -> Iterator[str]:
    """What is read and could not be tried on anything; and that there was nothing at all."""
    tried = {case.provider.subject for case in cases}
    why = (
        "is not registered"
        if asked
        else "has no file here: --env or --registry tries it on what is registered"
    )
    for claim in project.claims:
        if claim.subject not in tried:
            yield f"{claim.reader.service} reads {claim.subject}, which {why}"
    if not project.claims and not project.schemas:
        yield "there is no schema and no claim here: --project names another folder"


def _is_wanted(case: Case, consumers: tuple[str, ...]) -> bool:
    return not consumers or (case.pair is not None and case.pair.consumer.service in consumers)


def _readers(project: Project, registry: Registry | None, version: str | None) -> list[KnownReader]:
    """Everybody who reads; who is claimed in the project has the version that was said, and no other one was observed."""
    own = {claim.reader.service for claim in project.claims} if version is not None else set()
    readers = known_readers(
        project,
        registry,
        counts=lambda one: one.service not in own or one.origin != "observed" or one.version == version,
    )
    return [replace(one, version=version or "") if one.service in own else one for one in readers]


def _faults(project: Project) -> list[Finding]:
    """What is wrong with the files themselves; unknown fields are told with the consumer that needs them."""
    told = loading_rules.UNKNOWN_FIELD.id
    return [one for one in project.findings if one.severity is Severity.ERROR and one.rule != told]


def _publish(client: Registry, results: tuple[Result, ...]) -> str:
    for result in results:
        client.report_verification(result.report)
    return f"{counted(len(results), 'result')} published to {client.url}"


def _checked(cases: list[Case], results: tuple[Result, ...]) -> str:
    subjects = len({case.provider.subject for case in cases})
    consumers = len({result.pair.consumer.service for result in results})
    return f"{counted(len(cases), 'case')} of {counted(consumers, 'consumer')} and {counted(subjects, 'subject')}"


def _details(results: tuple[Result, ...]) -> Mapping[str, object]:
    told = [{**msgspec.to_builtins(result.report), "cases": result.cases} for result in results]
    return {"results": told}


def _untold(cases: list[Case], results: tuple[Result, ...]) -> list[str]:
    """What was not tried for want of examples, and who is fine."""
    stated = {case.provider.subject for case in cases if case.example is not None}
    notes = [
        f"nobody states an example for {subject}: only its schema was tried"
        for subject in dict.fromkeys(case.provider.subject for case in cases)
        if subject not in stated
    ]
    return notes + [
        f"{result.pair.consumer} gets what it needs of {result.pair.provider.subject} ({counted(result.cases, 'case')})"
        for result in results
        if result.ok
    ]
