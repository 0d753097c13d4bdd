"""`perennial stage`: what dvc.yaml runs, from a checkout."""

import pytest

from tests.commands import perennial


def test_a_stage_runs_in_the_checkout_and_says_what_it_did(loop):
    perennial(loop.root, "pr", "merge", "1", "--as-of", "2013-03-01")
    told = perennial(loop.root, "stage", "snapshot", "alpha")
    assert (told.code, told.err) == (0, "")
    assert told.is_harmless
    assert "rows" in told.out
    assert (loop.root / "runs/alpha/snapshot.json").is_file()


@pytest.mark.parametrize(
    ("model", "message"),
    [("nope\x1b[2J", "there is no model nope\\x1b[2J; there are alpha"), ("alpha", "params.yaml has no entry models.alpha")],
    ids=["unknown", "never run"],
)
def test_what_cannot_run_is_refused(proposed, model, message):
    told = perennial(proposed.root, "stage", "train", model)
    assert (told.code, told.out) == (1, "")
    assert message in told.err
