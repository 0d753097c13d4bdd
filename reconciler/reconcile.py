"""THE FLOW on one screen: load > observe > plan > act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.act.execute import execute
from reconciler.domain.names import MAIN, Revision
from reconciler.domain.outcomes import Outcome
from reconciler.errors import ConflictError, ObserveError
from reconciler.observe.observe import look, observe_world
from reconciler.plan.plan import Plan, make_plan
from reconciler.ports import Readers, Writers
from reconciler.specs.load import load_specs

MOST_PASSES = 20
MOST_CONFLICTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One pass: what was planned, and what became of it."""

    plan: Plan
    outcome: Outcome


def head_of(readers: Readers) -> Revision:
    """Where main is. Raises ObserveError when there is no main."""
    head = readers.repository.refs(f"refs/heads/{MAIN}").get(f"refs/heads/{MAIN}")
    if head is None:
        raise ObserveError(f"there is no branch {MAIN}, which holds the desired state", help=f"git branch -M {MAIN}")
    return head


def plan_now(readers: Readers, only: Sequence[str] = ()) -> Plan:
    """Load, observe and plan, from main as it is; nothing is written. Raises InvalidSpecsError or ObserveError."""
    head = head_of(readers)
    specs = load_specs(readers.repository.files(head))
    now = readers.clock.now()
    world = observe_world(specs, readers, look(readers, head, now))
    return make_plan(world, specs, only)


def reconcile(
    readers: Readers, writers: Writers, *, only: Sequence[str] = (), show: Callable[[Plan], None] = lambda _: None
) -> Pass:
    """One pass. When the world moves underneath, it starts again, a few times. Raises ConflictError in the end."""
    for attempt in range(1, MOST_CONFLICTS + 1):
        plan = plan_now(readers, only)
        show(plan)
        try:
            return Pass(plan=plan, outcome=execute(plan, readers, writers))
        except ConflictError:
            if attempt == MOST_CONFLICTS:
                raise
    raise AssertionError("unreachable")


def until_settled(
    readers: Readers, writers: Writers, *, only: Sequence[str] = (), show: Callable[[Plan], None] = lambda _: None
) -> list[Pass]:
    """Passes until one has nothing to do. Raises ConflictError when that takes more than MOST_PASSES."""
    passes: list[Pass] = []
    while len(passes) < MOST_PASSES:
        passes.append(reconcile(readers, writers, only=only, show=show))
        if not passes[-1].outcome.changed:
            return passes
    raise ConflictError(f"still changing after {MOST_PASSES} passes", help="perennial plan")
