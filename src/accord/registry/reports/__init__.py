"""What others report to the registry: who reads what, what runs where, what was verified. A fold over a log of its own.

report = read(KINDS_BY_PATH["readers"], b'{"service": ...}')
events = decide(state, MakeReport(report), at_ms=now)
state.apply(event)
"""
