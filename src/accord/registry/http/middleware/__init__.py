"""What every request passes through, outermost first: id, access log, measurement, negotiation, faults, raw path."""
