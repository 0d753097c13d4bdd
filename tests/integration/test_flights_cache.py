"""Where the shipped flights are kept: once per repository, whichever worktree asks, and never half-written."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from datasets import flights
from tests.repositories import a_repository, git

ROWS = pl.DataFrame(
    {
        "scheduledDeparture": pl.Series(
            [datetime(2013, 1, day, tzinfo=UTC) for day in (1, 2, 3)], dtype=pl.Datetime("us", "UTC")
        ),
        "carrier": ["AA", "B6", "UA"],
    }
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the module in it, whose table is three rows and is counted."""
    a_repository(tmp_path / "team")
    module = tmp_path / "team" / "datasets" / "flights.py"
    module.parent.mkdir()
    module.write_bytes(Path(flights.__file__).read_bytes())
    monkeypatch.setattr(flights, "__file__", str(module))
    monkeypatch.setattr(flights, "package_folder", lambda: tmp_path)
    monkeypatch.setattr(flights, "make_table", lambda folder: ROWS)
    monkeypatch.setattr(flights.importlib.metadata, "version", lambda name: "0.0.3")
    return module


def test_the_table_is_kept_in_the_git_directory(home: Path, tmp_path: Path) -> None:
    assert flights.cache_folder() == tmp_path / "team" / ".git" / "perennial" / "cache"


def test_worktrees_share_it(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path / "team", "worktree", "add", "--quiet", "--detach", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(flights, "__file__", str(tmp_path / "elsewhere" / "datasets" / "flights.py"))
    assert flights.cache_folder() == tmp_path / "team" / ".git" / "perennial" / "cache"


def test_outside_git_each_user_has_one_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "__file__", str(tmp_path / "flights.py"))
    monkeypatch.setattr(flights.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    assert flights.cache_folder().parent.parent == tmp_path / "tmp"
    assert str(flights.os.getuid()) in flights.cache_folder().parent.name


def test_it_is_made_once_and_leaves_nothing_beside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = flights.cached_table()
    monkeypatch.setattr(flights, "make_table", pytest.fail)
    assert flights.cached_table() == made
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_another_version_of_the_package_or_of_the_code_is_another_table(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = flights.cached_table()
    home.write_bytes(home.read_bytes() + b"\n# edited\n")
    second = flights.cached_table()
    monkeypatch.setattr(flights.importlib.metadata, "version", lambda name: "0.0.4")
    assert len({first, second, flights.cached_table()}) == 3


def test_a_table_that_cannot_be_made_leaves_nothing_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> pl.DataFrame:
        raise OSError("No space left on device")

    monkeypatch.setattr(flights, "make_table", broken)
    with pytest.raises(OSError, match="No space left"):
        flights.cached_table()
    assert list(flights.cache_folder().iterdir()) == []


@pytest.mark.parametrize(
    ("start", "end", "carriers"),
    [(None, None, ["AA", "B6", "UA"]), (2, None, ["B6", "UA"]), (None, 2, ["AA"]), (2, 3, ["B6"]), (3, 3, []), (3, 1, [])],
)
def test_a_range_has_its_start_and_not_its_end(home: Path, start: int | None, end: int | None, carriers: list[str]) -> None:
    first, last = (day and datetime(2013, 1, day, tzinfo=UTC) for day in (start, end))
    assert flights.flights(["carrier"], first, last).collect()["carrier"].to_list() == carriers
