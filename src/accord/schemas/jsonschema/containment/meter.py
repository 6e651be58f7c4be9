"""How much work a proof may still do."""


class Meter:
    """Counts steps down from ``most``: a step is a schema, a value or a name looked at, some microseconds each.

    They are counted, and not the time that they take, so that it does not depend on the machine what is given up.
    """

    def __init__(self, most: int) -> None:
        self.left = most

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be spent."""
        return self.left <= 0

    def spend(self, steps: int = 1) -> None:
        """So many steps were taken."""
        self.left -= steps
