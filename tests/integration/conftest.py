from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.observing import View, a_view
from tests.repositories import a_repository
from tests.scoring import an_artifact


@pytest.fixture(scope="session")
def view_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., View]:
    """A fresh view of rows (the usual ones if none are given), on one repository and one package for all tests."""
    folder = tmp_path_factory.mktemp("view")
    repository, artifact = a_repository(folder / "git"), an_artifact(folder / "model.zip")

    def make(rows: pl.DataFrame | None = None) -> View:
        return a_view(repository, artifact, Path(folder / "model.zip"), rows)

    return make
