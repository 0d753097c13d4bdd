"""What a service that hosts pull requests tells of itself, for `perennial doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What it tells with the token that there is. None: it does not tell, which is no good news.

    `login` is who we are there; `now` is its clock; `permissions` are an App's, by name; `checks` must pass before main moves.
    """

    login: str
    default_branch: str
    may_push: bool | None
    protected: bool
    approvals: int | None = None
    code_owners: bool | None = None
    checks: tuple[str, ...] = ()
    permissions: Mapping[str, str] | None = field(default=None)
    now: datetime | None = None
