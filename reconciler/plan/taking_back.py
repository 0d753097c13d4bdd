"""The steps of a roll-back: a pull request that reverts the release and quarantines its digest, and its merge. Pure."""

from reconciler.domain.changes import OWN_LABEL, ROLL_BACK, Marker
from reconciler.domain.decisions import RollBack
from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import OpenChange
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Revision, provenance_path, quarantine_path, rollback_branch, signature_path
from reconciler.domain.releases import Release, digest_of
from reconciler.domain.rollouts import Abort
from reconciler.domain.steps import Merge, Record, Sign, Step, TakeBack
from reconciler.domain.world import World
from reconciler.plan.alarms import fires, judge_alarms
from reconciler.plan.bookkeeping import text_of
from reconciler.plan.record import event
from reconciler.plan.rollback import quarantine_yaml
from reconciler.plan.rungs.rollout import alarm_of, turns
from reconciler.plan.situation import Situation
from reconciler.render.roll_back import TakenBack, render_roll_back
from reconciler.specs.specs import Specs


def take_back_steps(decision: RollBack, situation: Situation, world: World, specs: Specs) -> list[Step]:
    """The pull request, while none is open that does just this on main as it is; then its merge, where nobody is waited for.

    The ledger is told before the merge, unless it is broken: going back does not depend on it.
    """
    step = _step(decision, situation, world, specs)
    if step is None:
        return []
    facts, told = situation.facts, _event(decision, situation)
    untold = [] if facts.history.broken or told.id in facts.history.events else [Record(event=told)]
    change = next((one for one in facts.takebacks if one.environment == decision.environment), None)
    if change is None or change.tip is None or change.content != step.content:
        return [step, *untold]
    return [*untold, *([_merge(step, change, change.tip)] if _merges_itself(situation) else [])]


def _merges_itself(situation: Situation) -> bool:
    return situation.model.spec.rollback.merges_itself(situation.model.metadata.tier)


def _step(decision: RollBack, situation: Situation, world: World, specs: Specs) -> TakeBack | None:
    """None where what ran before is not known, which the decision excludes."""
    facts, name, environment = situation.facts, situation.name, decision.environment
    live, fallback = facts.releases[environment], facts.fallbacks.get(environment)
    if not isinstance(fallback, Fallback) or fallback.release is None:
        return None
    files = dict(fallback.files)
    if decision.quarantines:
        files[quarantine_path(name)] = _quarantine(decision, situation, live, specs)
    alarm, judged = _alarm(situation, environment)
    taken = TakenBack(
        specs=specs,
        live=live,
        before=fallback.release,
        reason=f"{alarm.rule} says {alarm.message}" if alarm else decision.message,
        alarms=judged,
        files=dict(sorted(files.items())),
        merges_itself=_merges_itself(situation),
        stays=fallback.stays,
        quarantines=decision.quarantines,
    )
    title, body = render_roll_back(taken)
    content = digest_of({"base": world.head, "files": taken.files})
    marker = Marker(model=name, environment=environment, digest=live.digest, content=content, kind=ROLL_BACK)
    branch = rollback_branch(name, environment)
    return TakeBack(
        model=name,
        environment=environment,
        digest=live.digest,
        content=content,
        base=world.head,
        branch=branch,
        replaces=world.branches.get(branch),
        files=taken.files,
        commit_message=f"{title}\n\nTaken-Back: {live.digest}\nRelease-Digest: {fallback.release.digest}\n",
        title=title,
        body=f"{body.rstrip()}\n\n{marker.to_comment()}\n",
        labels=tuple(sorted((OWN_LABEL, f"env/{environment}", f"model/{name}", "verdict/roll-back"))),
        reviewers=situation.model.spec.promotion.asked(situation.model.metadata.owner),
        sign=_sign(fallback.release, specs),
    )


def _alarm(situation: Situation, environment: str) -> tuple[Judgement | None, tuple[Judgement, ...]]:
    """What takes it back, and all that was judged: an alarm of the model, or else its rollout."""
    judged = judge_alarms(situation.model, situation.facts, environment, situation.now)
    turn = next((one for one in turns(situation) if one.environment == environment and isinstance(one.move, Abort)), None)
    if turn is None:
        return fires(judged), judged
    aborted = alarm_of(situation, turn)
    return fires(judged) or aborted, (*judged, aborted, *turn.move.judgements)


def _quarantine(decision: RollBack, situation: Situation, live: Release, specs: Specs) -> str:
    """Why, in words that stay the same however the cluster puts it: the branch is not written anew with every look."""
    reason = f"{live.version} was taken back in {decision.environment}: {decision.code}"
    return quarantine_yaml(situation.name, specs.quarantine.get(situation.name, {}), live.digest, reason)


def _merge(step: TakeBack, change: OpenChange, tip: Revision) -> Merge:
    return Merge(
        model=step.model,
        environment=step.environment,
        number=change.number,
        expected=tip,
        base=step.base,
        files=step.files,
        signed=step.sign.path if step.sign else None,
        takes_back=True,
    )


def _sign(before: Release, specs: Specs) -> Sign | None:
    """The statement of what runs again is signed, where releases are and this one was not yet."""
    name = before.build.model
    path, statement = signature_path(name, before.digest), text_of(specs.files, provenance_path(name, before.digest))
    if specs.settings.signing.method != "key" or path in specs.files or not statement:
        return None
    return Sign(path=path, statement=statement)


def _event(decision: RollBack, situation: Situation) -> Event:
    live = situation.facts.releases[decision.environment]
    return event(
        situation,
        EventKind.TAKEN_BACK,
        f"{decision.environment}/{situation.facts.introduced.get(decision.environment)}",
        message=decision.message,
        details={"environment": decision.environment, "digest": live.digest, "version": live.version, "code": decision.code},
    )
