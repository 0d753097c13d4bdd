"""THE FLOW on one screen: load > observe > plan > act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.act.execute import execute
from reconciler.domain.outcomes import Outcome
from reconciler.domain.world import World
from reconciler.errors import ConflictError
from reconciler.observe.observe import head_of, look, observe_world
from reconciler.plan.plan import Plan, make_plan
from reconciler.plan.stages import Stage, steps_of
from reconciler.ports import Readers, Writers
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs

MOST_ROUNDS = 20
MOST_CONFLICTS = 3
Show = Callable[[Plan | Outcome], None]
"""Is given each plan before it is acted on, and then what became of it."""
Look = Callable[[], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What was planned, and what became of one stage of it."""

    plan: Plan
    outcome: Outcome


def see(readers: Readers, only: Sequence[str] = (), files: Mapping[str, bytes] | None = None) -> tuple[Specs, World]:
    """Load and observe; the specs are main's, or those in `files`. Raises InvalidSpecsError or ObserveError."""
    head = head_of(readers)
    specs = load_specs(readers.repository.files(head, *SPEC_PREFIXES) if files is None else files)
    return specs, observe_world(specs, readers, look(readers, head, readers.clock.now()), only)


def make_plan_now(readers: Readers, only: Sequence[str] = ()) -> Plan:
    """Load, observe and plan from main; nothing is written. Raises InvalidSpecsError or ObserveError."""
    specs, world = see(readers, only)
    return make_plan(world, specs, only)


def reconcile(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> list[Pass]:
    """Once through all stages. When the world moves underneath, a stage is planned again. Raises ConflictError in the end."""
    return _through(tuple(Stage), lambda: make_plan_now(readers, only), readers, writers, show)


def until_settled(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> list[Pass]:
    """Through all stages until nothing changes. Raises ConflictError when that takes more than MOST_ROUNDS."""
    passes: list[Pass] = []
    for _ in range(MOST_ROUNDS):
        made = reconcile(readers, writers, only, show)
        passes += made
        if not made[-1].plan.steps or not any(one.outcome.changed for one in made):
            return passes
    raise ConflictError(f"still changing after {MOST_ROUNDS} rounds", help="perennial plan")


def publish(readers: Readers, writers: Writers, only: Sequence[str] = ()) -> Outcome:
    """Only what follows from a merge: tags, ledger, rendered branches; nothing is trained or proposed."""
    stages = (Stage.WITHDRAW, Stage.PUBLISH)
    passes = _through(stages, lambda: make_plan_now(readers, only), readers, writers, lambda _: None)
    return Outcome(steps=tuple(step for made in passes for step in made.outcome.steps))


def _through(stages: Sequence[Stage], look: Look, readers: Readers, writers: Writers, show: Show) -> list[Pass]:
    """The stages that had something to do; last, the plan that has nothing for those that are left."""
    passes: list[Pass] = []
    show(plan := look())
    for stage in stages:
        if steps_of(plan, stage):
            passes.append(_act(plan, stage, look, readers, writers))
            show(passes[-1].outcome)
            if stage is stages[-1]:
                return passes
            show(plan := look())
    return [*passes, Pass(plan=plan, outcome=Outcome(steps=()))]


def _act(plan: Plan, stage: Stage, look: Look, readers: Readers, writers: Writers) -> Pass:
    for _ in range(MOST_CONFLICTS):
        try:
            return Pass(plan=plan, outcome=execute(plan, steps_of(plan, stage), readers, writers))
        except ConflictError as error:
            conflict, plan = error, look()
    raise conflict
