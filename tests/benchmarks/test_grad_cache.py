"""The ratio of grad_cache.py is of training alone."""

from collections.abc import Callable
from types import ModuleType


def test_what_a_process_held_before_counts_in_the_second_ratio_only(
    program: Callable[[str], ModuleType],
) -> None:
    small = {"training_bytes": 1_000, "process": {"peak_bytes": 3_000}}
    large = {"training_bytes": 1_200, "process": {"peak_bytes": 3_300}}
    told = program("grad_cache").compared(small, large)
    assert told == {"training": 1.2, "process": 1.1}
