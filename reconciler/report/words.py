"""How decisions, judgements, steps and events are put into words, for plans, outcomes and replays alike."""

from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.decisions import Advance, Decision, Hold, Promote, Retrain, RollBack, Withdraw
from reconciler.domain.events import EventKind
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest, short
from reconciler.domain.notices import CheckReport, Comment, Dashboard, DeploymentRecord, Notice, Status
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
from reconciler.report.terminal import line, said, symbol_of
from reconciler.rules.fields import time_text

EVENT_WORDS = {
    EventKind.TRAINED: ("trained", "cyan"),
    EventKind.TRAINING_FAILED: ("training failed", "red"),
    EventKind.TRAINING_INTERRUPTED: ("training interrupted", "red"),
    EventKind.REFUSED: ("refused", "yellow"),
    EventKind.PROPOSED: ("proposed", "blue"),
    EventKind.DECLINED: ("declined", "yellow"),
    EventKind.PROMOTED: ("promoted", "bold green"),
    EventKind.TAKEN_BACK: ("taken back", "bold red"),
    EventKind.ROLLED_BACK: ("rolled back", "bold red"),
    EventKind.ABORTED: ("rollout aborted", "bold red"),
    EventKind.REQUESTED: ("requested", "magenta"),
    EventKind.OVERRIDDEN: ("overridden", "bold yellow"),
    EventKind.GATE_OVERRIDDEN: ("gate overridden", "bold yellow"),
}
"""(word, style) of what the ledger remembers."""


def decision_word(decision: Decision) -> tuple[str, str]:
    """(word, style) of what is decided."""
    match decision:
        case Hold():
            return "HOLD", "bold"
        case Retrain():
            return "RETRAIN", "bold magenta"
        case Promote(environment=environment, digest=digest):
            return f"PROMOTE {short(digest)} to {environment}", "bold green"
        case RollBack(environment=environment, digest=digest):
            return f"ROLL BACK {short(digest)} in {environment}", "bold red"
        case Withdraw(number=number):
            return f"WITHDRAW #{number}", "bold red"
        case Advance(environment=environment, weights=weights):
            return f"ADVANCE {environment} to {weights_text(weights)}", "bold green"
        case _:
            assert_never(decision)


def weights_text(weights: Mapping[Digest, int]) -> str:
    """Percent by release, in a few words."""
    return ", ".join(f"{weight} % {short(digest)}" for digest, weight in weights.items())


def judgement_lines(judgement: Judgement, indent: str = "") -> Iterator[RenderableType]:
    """The judgement and the parts that it was made from, as a small tree."""
    symbol, style = symbol_of(judgement)
    yield line(
        Text(f"{indent}{symbol} ", style=style),
        said(judgement.rule, "bold"),
        Text(judgement.answer, style=style),
        said(judgement.message),
    )
    for part in judgement.parts:
        yield from judgement_lines(part, indent + "  ")


def step_line(step: Step) -> str:
    """What the step does, in one sentence without a full stop."""
    match step:
        case Train(model=model, as_of=as_of, branch=branch):
            said = f"train {model} on what is known at {time_text(as_of)}, commit to {branch}"
        case Share(digest=digest, outputs=outputs):
            said = f"push to DVC's remote, of {short(digest)}: {', '.join(output.path for output in outputs)}"
        case PublishPackage(digest=digest, package=package):
            said = f"publish the package of {short(digest)} ({package.artifact.size:,} bytes)"
        case Propose() | Describe() | Merge() | ProposeHold() | ProposeRollback() | TakeBack() | Close():
            said = _pull_line(step)
        case Tell(notice=notice):
            said = f"tell {notice_line(notice)}"
        case Tag(name=name, target=target):
            said = f"tag {name} at {target[:12]}"
        case Publish(branch=branch, files=files):
            said = f"publish {len(files)} files as {branch}"
        case Record(event=event):
            said = f"record {event.kind}: {event.message}"
        case _:
            assert_never(step)
    return said


def _pull_line(step: PullStep) -> str:
    match step:
        case Propose(branch=branch, title=title):
            return f"propose “{title}” from {branch}"
        case Describe(number=number, draft=draft, labels=labels):
            return f"mark pull request #{number} {'as a draft' if draft else 'as ready'}, labelled {', '.join(labels)}"
        case Merge(number=number, environment=environment):
            return f"merge pull request #{number} into {environment}"
        case ProposeHold(title=title, branch=branch) | TakeBack(title=title, branch=branch):
            return f"propose “{title}” from {branch}"
        case ProposeRollback(environment=environment, branch=branch):
            return f"propose to roll {environment} back from {branch}"
        case Close(number=number, comment=comment):
            return f"close pull request #{number}: {comment}"
        case _:
            assert_never(step)


def notice_line(notice: Notice) -> str:
    """What is told, and where, in a few words."""
    match notice:
        case Status(context=context, state=state, revision=revision):
            return f"{context}: {state} on {revision[:12]}"
        case CheckReport(name=name, conclusion=conclusion, revision=revision):
            return f"{name}: {conclusion} on {revision[:12]}"
        case Comment(number=number, key=key):
            return f"{key} on #{number}"
        case DeploymentRecord(environment=environment, model=model, version=version):
            return f"the deployment of {model} {version} to {environment}"
        case Dashboard(title=title):
            return f"the issue “{title}”"
        case _:
            assert_never(notice)


def file_lines(step: Step, present: Collection[str], indent: str) -> Iterator[RenderableType]:
    """The files that the step writes: + new, ~ changed, - removed."""
    match step:
        case Propose(files=files, sign=sign) | TakeBack(files=files, sign=sign):
            yield from _files(files, present, indent)
            if sign:
                yield line(Text(f"{indent}+ ", style="green"), said(sign.path), said("signed when the step is done", "dim"))
        case Train(files=files):
            yield from _files(files, present, indent)
        case Publish(files=files, replaces=replaces):
            yield from _files(files, files if replaces else (), indent)
        case (
            Share()
            | PublishPackage()
            | Describe()
            | Merge()
            | ProposeHold()
            | ProposeRollback()
            | Tell()
            | Close()
            | Tag()
            | Record()
        ):
            return
        case _:
            assert_never(step)


def _files(files: Mapping[str, str | None], present: Collection[str], indent: str) -> Iterator[RenderableType]:
    for path in sorted(files):
        there = ("~", "yellow") if path in present else ("+", "green")
        mark, style = there if files[path] is not None else ("-", "red")
        yield line(Text(f"{indent}{mark} ", style=style), said(path))
