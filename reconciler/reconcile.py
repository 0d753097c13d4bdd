"""THE FLOW on one screen: load > observe > plan > act."""

from collections.abc import Callable, Mapping, Sequence

from reconciler.act.carry_out import Pass, carry_out
from reconciler.domain.outcomes import Outcome
from reconciler.domain.world import World
from reconciler.errors import ConflictError
from reconciler.observe.observe import Extra, head_of, look, observe_world
from reconciler.plan.plan import Plan, make_plan
from reconciler.plan.stages import Stage
from reconciler.ports import Readers, Writers
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs

MOST_ROUNDS = 20
Show = Callable[[Plan | Outcome], None]
"""Is given each plan before it is acted on, and then what became of it."""
__all__ = ["Pass", "make_plan_now", "publish", "reconcile", "see", "until_settled"]


def see(
    readers: Readers, only: Sequence[str] = (), files: Mapping[str, bytes] | None = None, extra: Extra | None = None
) -> tuple[Specs, World]:
    """Load and observe; the specs are main's, or those in `files`. Raises InvalidSpecsError or ObserveError.

    `extra` tells what is measured of a model beside what its policies ask for.
    """
    head = head_of(readers)
    specs = load_specs(readers.repository.files(head, *SPEC_PREFIXES) if files is None else files)
    seen = look(readers, head, readers.clock.now())
    return specs, observe_world(specs, readers, seen, only, extra) if extra else observe_world(specs, readers, seen, only)


def make_plan_now(readers: Readers, only: Sequence[str] = ()) -> Plan:
    """Load, observe and plan from main; nothing is written. Raises InvalidSpecsError or ObserveError."""
    specs, world = see(readers, only)
    return make_plan(world, specs, only)


def reconcile(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> list[Pass]:
    """Once through all stages, each planned from what the one before left. Raises ConflictError when the world keeps moving."""

    def look_and_show() -> Plan:
        plan = make_plan_now(readers, only)
        show(plan)
        return plan

    return carry_out(tuple(Stage), look_and_show, readers, writers, show)


def until_settled(readers: Readers, writers: Writers, only: Sequence[str] = (), show: Show = lambda _: None) -> list[Pass]:
    """Through all stages until nothing changes. Raises ConflictError when that takes more than MOST_ROUNDS."""
    passes: list[Pass] = []
    for _ in range(MOST_ROUNDS):
        made = reconcile(readers, writers, only, show)
        passes += made
        if not made[-1].plan.steps or not any(one.outcome.changed for one in made):
            return passes
    raise ConflictError(f"still changing after {MOST_ROUNDS} rounds", help="perennial plan")


def publish(readers: Readers, writers: Writers, only: Sequence[str] = (), *, tells: bool = False) -> Outcome:
    """Only what follows from a merge: packages, tags, ledger, rendered branches; nothing is trained or proposed.

    With `tells` also what the forge is always to show.
    """
    stages = (Stage.WITHDRAW, Stage.PACKAGE, Stage.PUBLISH, *((Stage.TELL,) if tells else ()))
    passes = carry_out(stages, lambda: make_plan_now(readers, only), readers, writers)
    return Outcome(steps=tuple(step for made in passes for step in made.outcome.steps))
