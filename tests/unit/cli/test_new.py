"""What `new model` makes of its options and of files that are there, without a table."""

from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.cli.new import address, new_files, problems_of, refuse_problems, report_lines, wishes
from reconciler.errors import InvalidSpecsError, ReconcilerError
from reconciler.specs.draft.draft import ROLLOUT_PATH, Draft, draft
from reconciler.specs.model import Task
from tests.specs import a_repository, edited
from tests.surveys import a_table

PIPELINE = "stages: {}\n\nartifacts:\n  apple: {path: runs/apple/model.zip, type: model}\n"
OPTIONS = {"task": None, "label_delay": None, "owner": "", "dataset": None}


def drafted(name: str = "shop") -> Draft:
    return draft(a_table(), wishes(name, OPTIONS))


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def test_a_dataset_is_named_after_its_model_unless_it_has_a_name():
    assert wishes("shop", OPTIONS).dataset == "shop"
    made = wishes("shop", OPTIONS | {"dataset": "orders", "task": "regression", "label_delay": timedelta(days=1), "owner": "ann"})
    assert (made.dataset, made.task, made.label_delay, made.owner) == ("orders", Task.REGRESSION, timedelta(days=1), "ann")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/repo/data/a.csv", ("data/a.csv", True)),
        ("/repo/data/../b.csv", ("b.csv", True)),
        ("/elsewhere/a.csv", ("/elsewhere/a.csv", False)),
        ("/repository/a.csv", ("/repository/a.csv", False)),
        ("/repo/../a.csv", ("/a.csv", False)),
    ],
    ids=["inside", "inside after all", "outside", "beside, with a longer name", "above"],
)
def test_a_table_is_named_from_the_top_when_it_is_inside(file, expected):
    assert address(Path("/repo"), Path(file)) == expected


def test_the_files_enter_the_model_everywhere():
    files = new_files(drafted(), "shop", {}, PIPELINE)
    assert {"models/shop/model.yaml", "datasets/shop.yaml", "params.yaml", "dvc.yaml", ROLLOUT_PATH} <= set(files)
    assert "shop:" in files["params.yaml"]
    assert files["dvc.yaml"].startswith(PIPELINE)


def test_a_second_draft_writes_nothing():
    first = as_bytes(new_files(drafted(), "shop", {}, PIPELINE))
    assert new_files(drafted(), "shop", first, first["dvc.yaml"].decode()) == {}


def test_another_model_is_entered_beside_the_first():
    first = as_bytes(new_files(drafted(), "shop", {}, PIPELINE))
    second = new_files(drafted("other"), "other", first, first["dvc.yaml"].decode())
    assert {"shop:", "other:"} <= set(second["params.yaml"].split())
    assert "models/shop/model.yaml" not in second


def test_a_file_that_says_something_else_is_never_overwritten():
    before = {"models/shop/model.yaml": b"mine\n", "datasets/shop.yaml": b"mine\n"}
    with pytest.raises(ReconcilerError, match="there already and say something else: datasets/shop") as caught:
        new_files(drafted(), "shop", before, "")
    assert "choose another NAME" in caught.value.help


def test_a_rollout_policy_of_ones_own_is_used_as_it_is():
    assert ROLLOUT_PATH not in new_files(drafted(), "shop", {ROLLOUT_PATH: b"mine\n"}, "")


def test_only_problems_that_the_new_files_bring_are_refused():
    broken = edited("models/flight-delay/model.yaml", "task: binary", "task: guess")
    refuse_problems(broken, {"README.md": "hello"})
    with pytest.raises(InvalidSpecsError) as caught:
        refuse_problems(broken, {"params.yaml": "models: 7\n"})
    assert {problem.file for problem in caught.value.problems} == {"params.yaml"}
    assert problems_of(a_repository()) == set()


def test_the_report_says_what_was_written_what_to_look_at_and_what_comes_next():
    made = drafted()
    lines = report_lines(made, "shop", {"b.yaml": "", "a.yaml": ""}, inside=False)
    assert lines[:4] == [made.summary, "written:", "  a.yaml", "  b.yaml"]
    assert "outside of the repository" in lines[lines.index("then:") - 1]
    assert lines[-2:] == [
        "  git add a.yaml b.yaml && git commit -m 'Add model shop'",
        "  perennial reconcile --model shop --until-settled",
    ]
    assert "  nothing: all of it was there already" in report_lines(made, "shop", {}, inside=True)
