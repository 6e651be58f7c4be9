"""The commands by name: where each is, and what has to be installed for it. Each module defines ``command``."""

from typing import Final, NamedTuple


class LazyCommand(NamedTuple):
    """A command that is imported when it is called: what it needs may not be installed.

    ``extra`` is the extra of the package that it needs.
    """

    module: str
    summary: str
    extra: str = "cli"


SECTIONS: Final = {
    "Begin": {
        "init": LazyCommand("init", "Write a sample project."),
        "import": LazyCommand("import_", "Make contracts of a registry and topics that are there."),
        "pull": LazyCommand("pull", "Fetch schemas that others own into files."),
        "contract": LazyCommand("contract", "Know what contract files look like."),
    },
    "Write contracts, and see what a change does": {
        "lint": LazyCommand("lint", "Look at schemas and contracts on their own."),
        "format": LazyCommand("format", "Bring schemas and contracts into one layout."),
        "check": LazyCommand("check", "Check schemas and contracts against what was there before."),
        "diff": LazyCommand("diff", "Show what changes from one version of a schema to the next."),
        "test": LazyCommand("test", "Try what consumers need on what producers say they write."),
        "generate": LazyCommand("generate", "Make classes, documents and tests of contracts."),
        "explain": LazyCommand("explain", "Tell what a rule is about and what to do."),
    },
    "Bring them to clusters and services": {
        "plan": LazyCommand("plan", "Show what to do so that cluster and registry are what Git says."),
        "apply": LazyCommand("apply", "Make cluster and registry what Git says."),
        "drift": LazyCommand("drift", "Tell where cluster and registry are not what Git says."),
        "readers": LazyCommand("readers", "Know who reads what: claims of services, and what they do."),
        "record-deployment": LazyCommand("record_deployment", "Record what runs where from now on."),
        "can-i-deploy": LazyCommand(
            "can_i_deploy", "Tell whether a version gets along with what runs there."
        ),
        "rollout": LazyCommand("rollout", "Roll a new schema out step by step, and back."),
    },
    "Run": {
        "serve": LazyCommand("serve", "Run the schema registry.", "server"),
        "registry": LazyCommand(
            "registry", "Move a registry, back it up, look whether its records are sound."
        ),
        "records": LazyCommand("records", "Look at what is on a topic, decoded, and put records there."),
        "cluster": LazyCommand("cluster", "A real Kafka on this machine.", "cluster"),
        "demo": LazyCommand("demo", "Run event-driven services on a real Kafka, faults included.", "all"),
    },
    "Accord itself": {
        "config": LazyCommand("config", "Show every setting and where it comes from."),
        "completion": LazyCommand("completion", "Let the shell complete commands and names."),
    },
}
"""What `accord --help` lists, in its order."""

COMMANDS: Final = {name: lazy for commands in SECTIONS.values() for name, lazy in commands.items()}
