"""The order in which steps are done: what is past before what is next, and trainings before what they may bring about."""

from dataclasses import replace
from datetime import UTC, datetime

from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import Digest, Revision
from reconciler.domain.notices import Comment, DeploymentRecord, DeploymentState
from reconciler.domain.packages import Package
from reconciler.domain.steps import (
    Close,
    Describe,
    Merge,
    ProposeHold,
    Publish,
    PublishPackage,
    Record,
    Share,
    Step,
    Tag,
    Tell,
    Train,
)
from reconciler.plan.plan import Plan
from reconciler.plan.stages import Stage, stage_of, steps_of
from tests.builders import a_build, a_fingerprint, a_revision
from tests.cases import each

AT = datetime(2013, 3, 1, tzinfo=UTC)
CLOSE = Close(model="m", number=1, comment="")
TAG = Tag(model="m", name="m@v1.0.0", target=Revision(a_revision()), message="", at=AT)
DESCRIBE = Describe(model="m", number=1, branch="perennial/m/production", title="", body="", labels=(), draft=True)
MERGE = Merge(model="m", environment="production", number=1, expected=a_revision("tip"), base=a_revision(), files={})
LATER_OR_EARLIER = (EventKind.REFUSED, EventKind.OVERRIDDEN, EventKind.TAKEN_BACK)
DEPLOYMENT = Tell(
    model="m",
    notice=DeploymentRecord(
        environment="staging", revision=a_revision(), model="m", version="1.0.0", state=DeploymentState.SUCCESS
    ),
)
COMMENT = Comment(number=1, key="answer/1", body="")
SHARE = Share(model="m", digest=Digest("sha256:0"), outputs=())
TELL = Tell(model="m", notice=COMMENT)
HOLD = ProposeHold(
    model="m", base=a_revision(), branch="perennial/m/hold", replaces=None, path="", text="", title="", body="", answer=COMMENT
)
PUBLISH = Publish(environment="production", branch="env/production", replaces=None, files={}, message="")


def a_publication(*, released: bool) -> PublishPackage:
    package = Package(model="m", artifact=a_build().artifact)
    return PublishPackage(model="m", digest=Digest("sha256:0"), package=package, released=released)


def a_record(kind: EventKind) -> Record:
    return Record(event=Event(id=f"{kind}/1", at=AT, model="m", kind=kind, message="", details={}))


def a_training(model: str) -> Train:
    return Train(
        model=model,
        as_of=AT,
        base=a_revision(),
        branch=f"perennial/{model}/candidate",
        replaces=None,
        files={},
        made_from=a_fingerprint(),
        reason="",
    )


@each(
    ("step", "stage"),
    [
        (CLOSE, Stage.WITHDRAW),
        (TAG, Stage.PUBLISH),
        (PUBLISH, Stage.PUBLISH),
        (a_training("m"), Stage.TRAIN),
        (SHARE, Stage.SHARE),
        (a_publication(released=False), Stage.SHARE),
        (a_publication(released=True), Stage.PACKAGE),
        (DESCRIBE, Stage.PROPOSE),
        (MERGE, Stage.MERGE),
        (HOLD, Stage.PROPOSE),
        (TELL, Stage.HEAR),
        (DEPLOYMENT, Stage.PUBLISH),
        *((a_record(kind), Stage.PUBLISH) for kind in EventKind if kind not in LATER_OR_EARLIER),
        (a_record(EventKind.REFUSED), Stage.PROPOSE),
        (a_record(EventKind.OVERRIDDEN), Stage.HEAR),
        (a_record(EventKind.TAKEN_BACK), Stage.TAKE_BACK),
        (replace(MERGE, takes_back=True), Stage.MERGE_BACK),
    ],
)
def test_each_step_has_its_stage(step: Step, stage: Stage) -> None:
    assert stage_of(step) is stage


def test_within_a_stage_the_order_is_the_plans() -> None:
    steps = (a_training("b"), TAG, a_training("a"), PUBLISH)
    plan = Plan(revision=a_revision(), at=AT, decisions=(), steps=steps)
    assert steps_of(plan, Stage.TRAIN) == (steps[0], steps[2])
    assert steps_of(plan, Stage.PUBLISH) == (TAG, PUBLISH)
    assert [stage.name for stage in sorted(Stage)] == [
        *("TAKE_BACK", "MERGE_BACK", "WITHDRAW", "HEAR", "PACKAGE", "PUBLISH", "TRAIN", "SHARE", "PROPOSE", "MERGE", "TELL"),
    ]


def test_no_step_is_left_out_or_done_twice() -> None:
    steps = (CLOSE, TAG, PUBLISH, a_training("a"), *(a_record(kind) for kind in EventKind))
    plan = Plan(revision=a_revision(), at=AT, decisions=(), steps=steps)
    done = [step for stage in Stage for step in steps_of(plan, stage)]
    assert len(done) == len(steps)
    assert all(step in steps for step in done)


def test_what_the_forge_is_to_show_is_told_at_the_end_and_is_no_step() -> None:
    shown = Tell(model="m", notice=Comment(number=1, key="foreign", body="Yours."))
    plan = Plan(revision=a_revision(), at=AT, decisions=(), steps=(TELL,), notices=(shown,))
    assert steps_of(plan, Stage.HEAR) == (TELL,)
    assert steps_of(plan, Stage.TELL) == (shown,)
