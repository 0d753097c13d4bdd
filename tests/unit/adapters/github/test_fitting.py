import pytest

from reconciler.adapters.forges.github.fitting import LONGEST, fitted, fitted_proposal
from reconciler.domain.changes import Proposal
from tests.cases import each


@each("length", [0, 1, LONGEST - 1, LONGEST])
def test_what_fits_stays(length: int) -> None:
    assert fitted("x" * length) == "x" * length


@pytest.mark.parametrize("length", [LONGEST + 1, 10 * LONGEST])
def test_what_is_longer_loses_its_middle(length: int) -> None:
    text = "begin" + "é" * length + "end"
    cut = fitted(text)
    assert len(cut) == LONGEST
    assert cut.startswith("begin")
    assert cut.endswith("end")
    assert "GitHub takes no longer text" in cut
    assert fitted(cut) == cut


def test_labels_are_at_most_fifty_characters_each_once() -> None:
    labels = ("model/" + "x" * 60, "model/" + "x" * 61, "perennial")
    proposal = Proposal(branch="b", base="main", title="t\n", body="b", labels=labels)
    assert fitted_proposal(proposal).labels == ("model/" + "x" * 44, "perennial")
    assert fitted_proposal(proposal).title == "t"
