"""How the release came to be and where it goes, as a drawing that forges make of text. Pure.

Format: https://mermaid.js.org/syntax/flowchart.html. Labels are made of few characters, so that nothing in them is syntax.
"""

import re
from datetime import datetime

from reconciler.domain.names import short
from reconciler.render.review import Review
from reconciler.rules.fields import time_text

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .,:@_+/()-]+")


def lineage_graph(review: Review) -> str:
    """Mermaid: the data, what else went in, the release, and the environments in order."""
    build, data = review.candidate.build, review.candidate.build.data
    rows = f"{data.train_rows:,} rows, {_day(data.train_from)} to {_day(data.train_until)}"
    judged = f"{data.holdout_rows:,} rows, {_day(data.holdout_from)} to {_day(data.holdout_until)}"
    release = f"{build.model} {review.release.version}"
    lines = [
        "flowchart LR",
        f'  data[("{plain(data.dataset)}<br/>as of {_day(data.as_of)}")] --> train["trained on<br/>{rows}"]',
        f'  git["main at {short(review.candidate.base)}<br/>spec, code, parameters"] --> train',
        f'  train --> release(["{plain(release)}<br/>{short(build.digest)}"])',
        f'  data --> judged["judged on<br/>{judged}"] --> release',
        *_environments(review),
    ]
    return "\n".join(lines)


def plain(text: str) -> str:
    """The text without what could be syntax."""
    return _NOT_PLAIN.sub("_", text)


def _environments(review: Review) -> list[str]:
    """One after the other; the one that is asked for is drawn thick."""
    lines, before = [], "release"
    for number, name in enumerate(review.model.spec.environments):
        arrow = "==>" if name == review.release.environment else "-.->"
        lines.append(f'  {before} {arrow} env{number}["{plain(name)}"]')
        before = f"env{number}"
    return lines


def _day(time: datetime) -> str:
    return time_text(time)[:10]
