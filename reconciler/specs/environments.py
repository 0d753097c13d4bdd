"""The list `spec.environments` of kind Model: the chain that a release goes along, and what each environment asks of it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from reconciler.domain.names import NAME_PATTERN
from reconciler.rules.fields import Count, Duration, Name, Time, Written
from reconciler.rules.freezes import ReleaseFreeze
from reconciler.specs.promotion import Login
from reconciler.specs.release import RELEASE_PATTERN


class SoakProof(StrEnum):
    """What makes a soak one that passed."""

    HEALTHY = "healthy"
    """It was Healthy all the time, by when its cluster says that it became so; without a cluster nobody can tell."""
    TIME = "time"
    """Only the time counts, whatever the cluster says."""


class Approvals(Written):
    """Who must agree to a promotion to this environment, instead of what `promotion` and the tier say."""

    count: Annotated[int, Field(ge=0, le=6)] | None = None
    """How many people must approve; left out: as `promotion` says, and 1 at least where owners are named."""
    owners: Annotated[tuple[Login, ...], Field(strict=False)] = ()
    """Logins; one of them must approve, and not the one who opened the pull request."""


class Pin(Written):
    """The one release that may be proposed to this environment. What runs there already is left alone."""

    release: Annotated[str, Field(pattern=RELEASE_PATTERN)]
    """A version such as 1.4.0, or a digest."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why; plans and pull requests quote it."""
    owner: Annotated[str, Field(min_length=1, max_length=100)]
    """Whom to ask."""
    until: Time | None = None
    """The pin ends by itself then; left out: when it is removed."""


class Environment(Written):
    """One environment of the chain. A name alone is the short form of an environment that asks for nothing more."""

    name: Name
    """What it is called."""
    soak: Duration | None = None
    """How long a release runs here, without a break, before it goes on to the next environment."""
    require: Annotated[SoakProof, Field(strict=False)] | None = None
    """With `soak`: what makes it one that passed. Left out: `healthy` where a cluster is configured, else `time`."""
    minimum_rows: Count | None = None
    """With `soak`: how many rows a release must have answered here meanwhile, by the prediction log."""
    pin_candidate: bool | None = None
    """With `soak`: no newer release is proposed here while one is on its way through it. Left out: true."""
    approvals: Approvals | None = None
    """Who must agree to a promotion to this environment; left out: as `promotion` and the tier say."""
    freeze: Annotated[tuple[ReleaseFreeze, ...], Field(strict=False)] = ()
    """Times in which nothing new is released here."""
    pin: Pin | None = None
    """The one release that may be proposed here."""

    @property
    def pins_candidate(self) -> bool:
        """What soaks here is not replaced by something newer."""
        return self.soak is not None and self.pin_candidate is not False


def _entry(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _not_empty(chain: tuple[Environment, ...]) -> tuple[Environment, ...]:
    # Not min_length: pydantic counts only the valid items, so one bad item would be reported as a short list too.
    if not chain:
        raise ValueError("expected a list of at least 1 item, got an empty list")
    return chain


class _ShortForm:
    """JSON Schema of an environment, or of its name alone."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "pattern": NAME_PATTERN}, handler(core)]}


Chain = Annotated[
    tuple[Annotated[Environment, BeforeValidator(_entry), _ShortForm()], ...],
    Field(strict=False, alias="environments", json_schema_extra={"minItems": 1}),
    AfterValidator(_not_empty),
]
"""The environments, in the order of promotion; written `environments`."""
