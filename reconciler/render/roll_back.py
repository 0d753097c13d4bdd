"""The pull request that takes a release back: why, to what, and how to keep it instead. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.domain.judgements import Judgement
from reconciler.domain.names import model_path, quarantine_path, release_path, short
from reconciler.domain.releases import Release
from reconciler.render.difference import rendered_difference
from reconciler.render.environment import load_templates
from reconciler.render.fit import fit
from reconciler.render.markdown import block
from reconciler.render.rows import SYMBOLS
from reconciler.specs.specs import Specs

TEMPLATE = "templates/roll-back.md.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What runs, what ran before, why it is taken back, and what that changes on main (None: a file is removed)."""

    specs: Specs
    live: Release
    before: Release
    reason: str
    alarms: Sequence[Judgement]
    files: Mapping[str, str | None]
    merges_itself: bool
    stays: str = ""
    quarantines: bool = True


def render_roll_back(taken: TakenBack) -> tuple[str, str]:
    """Title and body of the pull request. The body has no marker yet.

    Raises InvalidSpecsError for a template that cannot be rendered.
    """
    live, before = taken.live, taken.before
    name, environment = live.build.model, live.environment
    values = {
        "model": name,
        "environment": environment,
        "version": before.version,
        "digest": short(before.digest),
        "live_version": live.version,
        "live_digest": short(live.digest),
        "reason": taken.reason,
        "merges": "nothing: it merges itself" if taken.merges_itself else "merge this pull request",
        "quarantine_file": quarantine_path(name),
        "alarms": [_row(alarm) for alarm in taken.alarms],
        "files": [{"path": path, "what": _what(taken, path)} for path in sorted(taken.files)],
        "quarantines": taken.quarantines,
        "alone": not taken.files.keys() - {quarantine_path(name), release_path(name, environment), model_path(name)},
        "stays": taken.stays,
        "manifests": block(rendered_difference(taken.specs, before), "diff"),
    }
    body = load_templates(taken.specs.files).render(TEMPLATE, values)
    return f"Roll {name} in {environment} back to {before.version}", fit(body, "The rest does not fit here.")


def _row(alarm: Judgement) -> dict[str, object]:
    return {
        "symbol": SYMBOLS[alarm.answer],
        "answer": alarm.answer,
        "rule": alarm.rule,
        "message": alarm.message,
        "code": alarm.code,
    }


def _what(taken: TakenBack, path: str) -> str:
    if taken.files[path] is None:
        return "removes"
    return "puts back" if path != quarantine_path(taken.live.build.model) else "adds the digest to"
