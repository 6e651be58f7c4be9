"""Contracts as code: files that say what is on a topic, who owns it and who reads it; and what is done with them.

from accord.contracts.catalogue import entries
from accord.contracts.check import FilesBaseline, check
from accord.contracts.git import GitTree
from accord.contracts.lint import Style, lint
from accord.contracts.loading import load
from accord.contracts.readers import known_readers
from accord.contracts.tree import Folder

here = Path("orders")
project = load(Folder(here))                          # what the files say, and in `findings` all that is wrong with them
questionable = lint(project, Style(), known_rules={entry.id for entry in entries()})
result = check(project, FilesBaseline("git:main", load(GitTree(here, "main"))), readers=known_readers(project, None))
result.compatible, result.findings

Each package here is a door of its own, so that nobody loads what they do not need: a lint asks no registry.
"""
