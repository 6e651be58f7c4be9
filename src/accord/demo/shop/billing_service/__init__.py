"""Turns orders into invoices: each order once, however often it is told."""
