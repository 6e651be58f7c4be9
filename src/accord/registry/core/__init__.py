"""What the registry knows and decides: commands, events, state, queries. Pure: no I/O, no clock, no HTTP.

``decide(state, command)`` says what happens, ``state.apply(event, at_ms)`` makes it so, ``queries`` look.
"""
