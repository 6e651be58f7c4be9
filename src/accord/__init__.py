"""Accord: data contracts for Kafka."""
