"""The main job: event-driven services with governed contracts on a real Kafka, faults included."""

from accord.demo.play import Demo, perform
from accord.demo.reporter import Line, Reporter

__all__ = ["Demo", "Line", "Reporter", "perform"]
