"""Words and unions that other parts match on: closed, stable, and each with one meaning."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, datetime
from typing import get_args

import pytest

from reconciler.domain import data, decisions, events, survey, training
from reconciler.domain.data import FileFormat, FileSource, PythonSource, RowQuery, Source, SqlSource
from reconciler.domain.decisions import Advance, Decision, Hold, Promote, Retrain, RollBack, Withdraw
from reconciler.domain.events import Event, EventKind
from reconciler.domain.notices import CheckReport, Comment, Dashboard, DeploymentRecord, Notice, Status
from reconciler.domain.releases import digest_of
from reconciler.domain.steps import (
    Close,
    Describe,
    Merge,
    Propose,
    ProposeHold,
    ProposeRollback,
    Publish,
    PublishPackage,
    PullStep,
    Record,
    Share,
    Step,
    Tag,
    TakeBack,
    Tell,
    Train,
)
from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult
from tests.builders import NOW, a_revision
from tests.cases import each

EVENT = Event(id="1", at=NOW, model="m", kind=EventKind.TRAINED, message="trained", details={"rows": 5})


@pytest.mark.parametrize(
    ("union", "members"),
    [
        (Decision, {Advance, Hold, Retrain, Promote, Withdraw, RollBack}),
        (PullStep, {Propose, Describe, Merge, ProposeHold, ProposeRollback, TakeBack, Close}),
        (
            Step,
            {Train, Share, PublishPackage, *get_args(PullStep), Tag, Publish, Record, Tell},
        ),
        (Notice, {Status, CheckReport, Comment, DeploymentRecord, Dashboard}),
        (Source, {FileSource, SqlSource, PythonSource}),
        (TrainingResult, {Trained, TrainingFailed}),
    ],
    ids=["decisions", "steps of pull requests", "steps", "notices", "sources", "training"],
)
def test_a_union_has_exactly_its_members(union, members):
    assert set(get_args(union)) == members
    assert all(is_dataclass(member) for member in members)


@each("decision", get_args(Decision))
def test_every_decision_is_about_a_model_and_says_why(decision):
    assert {"model", "code", "message", "judgements"} <= {field.name for field in fields(decision)}


def test_events_are_the_words_of_the_ledger():
    """They stand in files that nobody rewrites: a word that changes makes old lines unreadable."""
    assert {"trained", "trainingFailed", "refused", "proposed", "declined", "promoted", "rolledBack"} <= {*EventKind}


def test_formats_are_what_files_are_called():
    assert [*FileFormat] == ["csv", "parquet"]


@each(
    "value",
    [
        EVENT,
        Hold(model="m", code="quiet", message="nothing to do"),
        Retrain(model="m", as_of=NOW, code="due", message="due"),
        Promote(model="m", environment="production", digest=digest_of("x"), code="allPassed", message="passed"),
        Withdraw(model="m", number=1, code="overtaken", message="overtaken"),
        Tag(model="m", name="m@v1.0.0", target=a_revision(), message="", at=NOW),
        Record(event=EVENT),
        TrainingOrder(model="m", base=a_revision(), files={}),
        TrainingFailed(stage="train", message="failed", log_tail=""),
        RowQuery(source=SqlSource(url="u", query="q"), time_column="t", columns=("a",), start=None, end=None),
    ],
)
def test_a_noun_does_not_change_once_it_is_made(value):
    first = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, first, None)
    assert not hasattr(value, "__dict__")


@each("module", [data, decisions, events, survey, training])
def test_every_noun_is_frozen_slotted_and_told_by_keywords(module):
    nouns = [noun for noun in vars(module).values() if is_dataclass(noun) and noun.__module__ == module.__name__]
    assert nouns
    for noun in nouns:
        assert noun.__dataclass_params__.frozen, noun
        assert hasattr(noun, "__slots__"), noun
        with pytest.raises(TypeError):
            noun(*range(len(fields(noun))))


def test_a_query_is_open_on_both_sides_unless_told():
    query = RowQuery(
        source=PythonSource(function="a:b"), time_column="t", columns=("t",), start=None, end=datetime(2013, 1, 1, tzinfo=UTC)
    )
    assert query.start is None
    assert query.text == ()
