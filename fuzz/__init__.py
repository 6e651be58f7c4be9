"""Throwing odd input at everything that reads what others wrote: ``make fuzz``. See docs/fuzzing.md."""
