"""From a registry and a cluster that are there to the files that say so.

found = look_at_topics(kafka)                        # None without a cluster
made = import_project(registry, found, environment={"registry": url})
made.files, made.notes
"""

from accord.contracts.importing.importing import Imported, import_project
from accord.contracts.importing.topics import FoundTopic, look_at_topics

__all__ = ["FoundTopic", "Imported", "import_project", "look_at_topics"]
