from collections.abc import Callable, Mapping

import pytest

from tests.golden import files


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Mapping[str, str]], None]:
    """Compare the files with `tests/golden/<case>/expected`; with `--accept` they become what is expected."""

    def compare(case: str, made: Mapping[str, str]) -> None:
        if request.config.getoption("--accept"):
            files.accept(case, made)
        assert dict(made) == files.read(case), f"rendered otherwise; if that is wanted: pytest tests/golden --accept ({case})"

    return compare
