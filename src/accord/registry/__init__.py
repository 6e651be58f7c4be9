"""The schema registry: a fold over an event log, served over Confluent's REST API.

``core`` decides (pure), ``log`` keeps, ``node`` joins the two behind one writer, ``http`` speaks.
"""
