"""THE FLOW on one screen: load > observe > plan > act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.act.execute import execute
from reconciler.domain.outcomes import Outcome
from reconciler.domain.steps import Propose, Train
from reconciler.domain.world import World
from reconciler.errors import ConflictError
from reconciler.observe.observe import head_of, look, observe_world
from reconciler.plan.plan import Plan, make_plan
from reconciler.ports import Readers, Writers
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs

MOST_PASSES = 20
MOST_CONFLICTS = 3
Show = Callable[[Plan], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One pass: what was planned, and what became of it."""

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


def reconcile(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> Pass:
    """One pass. When the world moves underneath it starts again, a few times. Raises ConflictError in the end."""
    return _act_on(lambda: make_plan_now(readers, only), readers, writers, show)


def until_settled(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> list[Pass]:
    """Passes until one changes nothing. Raises ConflictError when that takes more than MOST_PASSES."""
    passes: list[Pass] = []
    while len(passes) < MOST_PASSES:
        passes.append(reconcile(readers, writers, only, show))
        if not passes[-1].outcome.changed:
            return passes
    raise ConflictError(f"still changing after {MOST_PASSES} passes", help="perennial plan")


def publish(readers: Readers, writers: Writers, only: Sequence[str] = ()) -> Pass:
    """Only what follows from a merge: tags, ledger, rendered branches; nothing is trained or proposed."""

    def follow_up() -> Plan:
        plan = make_plan_now(readers, only)
        return replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, Train | Propose)))

    return _act_on(follow_up, readers, writers, lambda _: None)


def _act_on(make: Callable[[], Plan], readers: Readers, writers: Writers, show: Show) -> Pass:
    for _ in range(MOST_CONFLICTS - 1):
        plan = make()
        show(plan)
        try:
            return Pass(plan=plan, outcome=execute(plan, readers, writers))
        except ConflictError:
            continue
    plan = make()
    show(plan)
    return Pass(plan=plan, outcome=execute(plan, readers, writers))
