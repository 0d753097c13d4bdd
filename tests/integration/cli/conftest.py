"""Repositories that the tests of the commands share."""

from pathlib import Path

import pytest

from tests.loops import Loop, a_loop, reopened


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """One model, alpha, with pull request #1 open; only to be looked at."""
    loop = a_loop(tmp_path_factory.mktemp("proposed") / "repository")
    loop.settle()
    return loop


@pytest.fixture
def loop(proposed: Loop, tmp_path: Path) -> Loop:
    """A copy of it, to be changed."""
    return reopened(proposed, tmp_path / "copy")
