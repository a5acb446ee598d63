"""How long something takes: no time at all, a number of looks, or seconds."""

import re
from dataclasses import dataclass

__all__ = ["FORMS", "Delay"]

FORMS = "'at once', 'looks=N' or 'seconds=S'"


@dataclass(frozen=True, slots=True)
class Delay:
    """A length of time that a test can steer.

    Args:
        looks: How many times somebody has to look; the last of these looks finds the end.
        seconds: How many seconds pass.
    """

    looks: int = 0
    seconds: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Delay":
        """Read a delay from its text form.

        Raises:
            ValueError: The text is none of the forms.
        """
        if text == "at once":
            return cls()
        if found := re.fullmatch(r"looks=(\d{1,9})", text):
            return cls(looks=int(found[1]))
        if found := re.fullmatch(r"seconds=(\d{1,9}(?:\.\d+)?)", text):
            return cls(seconds=float(found[1]))
        raise ValueError(f"{text!r} is no delay: write {FORMS}.")

    def __str__(self) -> str:
        if self.looks:
            return f"looks={self.looks}"
        return f"seconds={self.seconds:g}" if self.seconds else "at once"

    def passed(self, looks: int, seconds: float) -> float:
        """Return how much has passed, from 0 (at the first of several looks) to 1 (at the last)."""
        if self.looks > 1:
            return max(0.0, min(1.0, (looks - 1) / (self.looks - 1)))
        if self.looks:
            return float(looks > 0)
        if self.seconds:
            return max(0.0, min(1.0, seconds / self.seconds))
        return 1.0
