"""From the files of a project to what they say.

project = load(Folder(Path(".")))
project.contracts, project.schemas, project.claims
project.findings                                    # all that is wrong with the files, in one round
"""

from accord.contracts.loading.loading import load
from accord.contracts.loading.shapes import BLOCK, CLAIMS, CONTRACT
from accord.contracts.model import ProjectSettings

__all__ = ["BLOCK", "CLAIMS", "CONTRACT", "ProjectSettings", "load"]
