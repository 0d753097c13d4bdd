"""What a retrain was worth: the old and the new release on rows that neither had seen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.metrics import roc_auc_score

from reconciler.domain.known import Measured, Missing
from reconciler.domain.releases import Release
from reconciler.simulate.worth import Reign, Worth, worth_of
from tests.builders import DAY, a_dataset
from tests.observing import View
from tests.scoring import a_package, a_scored_model, an_artifact, zip_of
from tests.snapshots import FIRST, hourly

Views = Callable[..., View]
END = FIRST + 50 * DAY


@pytest.fixture
def view(view_of: Views, tmp_path: Path) -> View:
    """Two packages in the store: the usual one and a later one."""
    view = view_of()
    later = an_artifact(tmp_path / "later.zip", zip_of(a_package(1)))
    return replace(view, store=replace(view.store, files={**view.store.files, later.sha256: tmp_path / "later.zip"}))


def later(view: View, version: str = "1.1.0") -> Release:
    """The release of the later package."""
    known = view.artifact.sha256
    other = next(digest for digest in view.store.files if digest != known)
    build = replace(view.champion().build, artifact=replace(view.artifact, sha256=other))
    return Release(environment="production", version=version, build=build)


def worths(view: View, *reigns: Reign) -> list[Worth]:
    return worth_of(reigns, END, a_scored_model(), a_dataset(), view.readers())


def auc(seed: int, start: int, end: int) -> float:
    """Of the package on the labelled rows of these days, in scikit-learn's own words."""
    frame = hourly(60)
    kept = frame.filter([FIRST + start * DAY <= at < FIRST + end * DAY for at in frame["scheduled"]]).drop_nulls("arr_delay")
    return float(roc_auc_score((kept["arr_delay"] >= 15).to_numpy(), a_package(seed).predict(kept)))


def test_nothing_and_a_first_release_are_worth_nothing_yet(view: View) -> None:
    assert worths(view) == []
    assert worths(view, Reign(release=view.champion(), since=FIRST + 10 * DAY)) == []


def test_both_are_measured_on_the_rows_of_the_new_ones_time_until_the_last_known_label(view: View) -> None:
    (found,) = worths(
        view, Reign(release=view.champion(), since=FIRST + 10 * DAY), Reign(release=later(view), since=FIRST + 30 * DAY)
    )
    assert (found.version, found.metric) == ("1.1.0", "rocAuc")
    assert isinstance(found.before, Measured)
    assert isinstance(found.after, Measured)
    assert found.before.value == pytest.approx(auc(0, 30, 49))
    assert found.after.value == pytest.approx(auc(1, 30, 49))
    assert found.before.rows == found.after.rows


def test_a_reign_ends_where_the_next_begins(view: View) -> None:
    first, second, third = view.champion(), later(view), replace(view.champion(), version="1.2.0")
    reigns = [Reign(release=one, since=FIRST + day * DAY) for one, day in ((first, 10), (second, 20), (third, 35))]
    found = worths(view, *reigns)
    assert [one.version for one in found] == ["1.1.0", "1.2.0"]
    assert [one.after.value for one in found if isinstance(one.after, Measured)] == pytest.approx(
        [auc(1, 20, 34), auc(0, 35, 49)]
    )


def test_a_release_whose_bytes_are_gone_says_so_and_the_other_is_measured(view: View) -> None:
    new = later(view)
    files = {digest: path for digest, path in view.store.files.items() if digest != new.build.artifact.sha256}
    lost = replace(view, store=replace(view.store, files=files))
    (found,) = worths(lost, Reign(release=view.champion(), since=FIRST + 10 * DAY), Reign(release=new, since=FIRST + 30 * DAY))
    assert isinstance(found.before, Measured)
    assert isinstance(found.after, Missing)
    assert found.after.code == "notScored"
    assert "is in no store" in found.after.why


def test_a_reign_without_a_known_label_is_not_scored(view: View) -> None:
    (found,) = worths(
        view, Reign(release=view.champion(), since=FIRST + 10 * DAY), Reign(release=later(view), since=END - DAY / 2)
    )
    assert isinstance(found.before, Missing)
    assert isinstance(found.after, Missing)
