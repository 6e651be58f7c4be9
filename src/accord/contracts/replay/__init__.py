"""Real records of a topic, decoded with a candidate: what it cannot read, and what it reads otherwise.

files = replay.candidates_for(project, "orders.created")
result = replay.replay(tail_topic(kafka, topic, begin=-n, until_end=True), topic, files, registry, last=1000)
findings.findings_of(result, project), findings.notes_of(result)

Its rules are known without any of what reads records, which takes a while to load.
"""
