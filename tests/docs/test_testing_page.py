"""The examples in docs/testing.md are a test file that passes."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


@pytest.mark.soak
def test_the_examples_of_the_page_pass(pytester: pytest.Pytester) -> None:
    page = PAGE.read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    pytester.makepyfile("\n\n".join(examples))
    pytester.makeini("[pytest]\nmarkers = kafka")

    # In a process of its own: a run in this one would throw away modules that it was the first to import.
    result = pytester.runpytest_subprocess("-m", "not kafka", "-W", "error")

    result.assert_outcomes(passed=7, deselected=1)
