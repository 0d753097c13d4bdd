"""Have the forge show what people are told; what it shows already, or cannot show, costs nothing."""

from datetime import datetime
from typing import assert_never

from reconciler.domain.notices import CheckReport, Comment, Dashboard, DeploymentRecord, Notice, Status
from reconciler.ports import Notices, Writers


def tell(notice: Notice, at: datetime, writers: Writers) -> str:
    """What was told; empty when the forge shows it already, or has no such thing. Raises ActError."""
    if isinstance(notice, Comment):
        return f"commented on #{notice.number}" if writers.forge.comment(notice, at) else ""
    return _show(notice, writers.notices) if writers.notices else ""


def _show(notice: Status | CheckReport | DeploymentRecord | Dashboard, notices: Notices) -> str:
    match notice:
        case Status():
            wrote, what = notices.status(notice), f"{notice.context} is {notice.state} on {notice.revision[:12]}"
        case CheckReport():
            wrote, what = notices.check(notice), f"{notice.name} is {notice.conclusion} on {notice.revision[:12]}"
        case DeploymentRecord():
            wrote, what = notices.deployment(notice), f"{notice.environment} has {notice.model} {notice.version}"
        case Dashboard():
            wrote, what = notices.dashboard(notice), f"{notice.title} is up to date"
        case _:
            assert_never(notice)
    return what if wrote else ""
