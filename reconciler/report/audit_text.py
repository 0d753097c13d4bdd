"""What happened to a version, told from the first wish to what runs; and the list of all versions."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reconciler.audit.story import Audit, Commit, Proposal, Stay, Story
from reconciler.domain.judgements import OVERRIDDEN, Answer
from reconciler.domain.names import short
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import SYMBOLS, WIDTH, draw, line, said, symbol_of, table
from reconciler.rules.fields import time_text

_LABEL = 12
_FATE = 60
"""Columns that a line's name takes, and characters of what became of a version in the list of all."""


def audit_text(audit: Audit, *, versions: bool = True, width: int = WIDTH, color: bool = False) -> str:
    """The story of the version, then, if wanted, the list of versions."""
    return draw(_parts(audit, versions=versions), width=width, color=color)


def audit_json(audit: Audit) -> str:
    """The same for programs, with sorted keys."""
    return canonical_json(audit)


def _parts(audit: Audit, *, versions: bool) -> Iterator[RenderableType]:
    if audit.story is None:
        yield line(said(audit.model, "bold underline") + Text("  "), said("nothing was ever trained"))
    else:
        yield from _story(audit.story)
    if audit.hold:
        note, commit = audit.hold
        until = f" until {time_text(note.until)}" if note.until else ""
        where = f" in {', '.join(note.environments)}" if note.environments else ""
        yield _row("held", said(f"by {note.owner}{where}{until}: {note.reason}"), _made(commit))
    if audit.broken:
        yield _row("ledger", said("✗", "red"), said(f"broken, and told up to there: {audit.broken}"))
    if versions and audit.versions:
        yield Text()
        yield from _versions(audit)


def _story(story: Story) -> Iterator[RenderableType]:
    name = f"{story.model} {story.version}" if story.version else story.model
    running = [stay.environment for stay in story.stays if stay.until is None]
    where = f"runs in {', '.join(running)}" if running else "runs nowhere"
    yield line(said(name, "bold underline") + Text("  "), said(story.digest, "dim"))
    yield said(where)
    yield Text()
    yield from _cause(story)
    yield from _making(story)
    yield from _judged(story)
    names = [*(one.environment for one in story.proposals), *(one.environment for one in story.stays)]
    for environment in dict.fromkeys(names):
        yield from _environment(story, environment)


def _environment(story: Story, environment: str) -> Iterator[RenderableType]:
    for proposal in story.proposals:
        if proposal.environment == environment:
            yield _row("proposed", said(time_text(proposal.at)), said(_proposal(proposal)))
    for stay in story.stays:
        if stay.environment == environment:
            yield from _stay(stay)


def _cause(story: Story) -> Iterator[RenderableType]:
    for request in story.requests:
        yield _row("asked", said(time_text(request.at)), said(request.message))
    if not story.requests:
        yield _row("asked", said("by nobody: a trigger fired" if story.trained_at else "not in the ledger"))
    yield _row("triggered", said(story.reason or "not in the ledger"))
    for override in story.overrides:
        yield _row("set aside", said(time_text(override.at)), said(override.message))


def _making(story: Story) -> Iterator[RenderableType]:
    if story.trained_at:
        yield _row("trained", said(time_text(story.trained_at)), said(_data(story)))
    if story.base:
        yield _row("from", said(f"main at {short(story.base.revision)}: {story.base.subject}"), _made(story.base))


def _data(story: Story) -> str:
    if story.build is None:
        return ""
    data = story.build.data
    seed = "" if story.seed is None else f", seed {story.seed}"
    rows = f"{data.train_rows:,} rows of {data.dataset}, {time_text(data.train_from)} to {time_text(data.train_until)}"
    return f"on {rows}, known at {time_text(data.as_of)}{seed}"


def _judged(story: Story) -> Iterator[RenderableType]:
    against = f"against {story.compared_with}" if story.compared_with else "with nothing to compare with"
    if story.gates is None:
        yield _row("judged", said(f"refused: {story.refused}" if story.refused else "no evidence is kept of it"))
    else:
        leaves = [*story.gates.leaves()]
        passed = sum(leaf.answer is Answer.YES and leaf.code != OVERRIDDEN for leaf in leaves)
        yield _row("judged", said(f"{passed} of {len(leaves)} gates say YES, {against}"))
        for leaf in leaves:
            symbol, style = symbol_of(leaf)
            yield _row("", said(symbol, style), said(leaf.rule, "bold"), said(leaf.message))
    if story.declined:
        yield _row("declined", said(story.declined))


def _proposal(proposal: Proposal) -> str:
    number = f"pull request #{proposal.number}" if proposal.number else "a pull request"
    approved = f", approved by {', '.join(proposal.approved_by)}" if proposal.approved_by else ""
    return f"{number} to {proposal.environment}, {proposal.state}{approved}"


def _stay(stay: Stay) -> Iterator[RenderableType]:
    word = "rolled back" if stay.rolled_back else "merged"
    commit = stay.commit
    if commit is None:
        yield _row(word, said(time_text(stay.since)), said(f"into {stay.environment}, by a commit that is not here any more"))
    else:
        at = said(time_text(commit.at))
        yield _row(word, at, said(f"into {stay.environment} by {commit.by}"), said(f"({short(commit.revision)})", "dim"))
    if stay.until:
        yield _row("ran", said(f"in {stay.environment} from {time_text(stay.since)} until {time_text(stay.until)}"))
        return
    symbol, style = SYMBOLS[Answer.YES if stay.rendered else Answer.NO]
    branch = "main and its branch agree" if stay.rendered else f"env/{stay.environment} does not name it yet: perennial release"
    yield _row("runs", said(symbol, style), said(f"in {stay.environment} since {time_text(stay.since)}; {branch}"))


def _versions(audit: Audit) -> Iterator[RenderableType]:
    made = table("version", "digest", "trained", "because", "what became of it")
    for one in reversed(audit.versions):
        cause, fate = one.reason.partition(":")[0], one.fate
        shown = fate if len(fate) <= _FATE else f"{fate[: _FATE - 1]}…"
        made.add_row(*map(said, (one.version or "-", short(one.digest), time_text(one.at), cause, shown)))
    yield made


def _made(commit: Commit | None) -> Text:
    return said(f"({commit.by}, {time_text(commit.at)})", "dim") if commit else Text()


def _row(label: str, *parts: Text) -> RenderableType:
    return line(Text(f"{label:<{_LABEL}}", style="bold"), *parts)
