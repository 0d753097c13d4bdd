"""A team's repository with a signed release in staging and production, made by the real loop; to be damaged by the tests."""

import shutil
from pathlib import Path

import pytest

from tests.integration.audit.released import released
from tests.teams import a_team


@pytest.fixture(scope="package")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alpha 1.0.0 runs in both environments; only to be looked at."""
    return released(a_team(tmp_path_factory.mktemp("whole") / "team", "alpha"))


@pytest.fixture
def team(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(whole, tmp_path / "team", symlinks=True)
