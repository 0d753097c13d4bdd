"""Kind Override: how people let a candidate pass gates that cannot be passed, as a reviewed file that ends by itself."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.names import Digest
from reconciler.domain.overrides import GateOverride
from reconciler.rules.choices import Names, check_exactly_one, exactly_one, not_null
from reconciler.rules.fields import Time, Written
from reconciler.specs.metadata import Spec
from reconciler.specs.release import Sha256

MOST_DAYS = 30
"""How long an override may count."""

_OptionalDigest = Annotated[Sha256 | SkipJsonSchema[None], BeforeValidator(not_null)]


class OverrideBody(Written):
    """Exactly one of `candidate` and `champion` says what it is about. It never lifts a hold or a quarantine."""

    model_config = ConfigDict(json_schema_extra=exactly_one("candidate", "champion"))

    gates: Names
    """Names of the gates that are set aside, as in the verdict table, e.g. [beatsLive]."""
    candidate: _OptionalDigest = None
    """The release digest of the one candidate that may pass."""
    champion: _OptionalDigest = None
    """The release digest of what is live: every candidate may pass while it is."""
    owner: Annotated[str, Field(min_length=1, max_length=100)]
    """Who answers for it."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why; the pull request, the model card and the ledger quote it."""
    since: Annotated[Time, Field(alias="from")]
    """It counts from then on."""
    until: Time
    """It counts no more then; at most 30 days after `from`."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        check_exactly_one(self, candidate="candidate", champion="champion")
        return self


class OverrideFile(Spec):
    """`models/<name>/override.yaml`."""

    kind: Literal["Override"]
    spec: OverrideBody

    def override(self) -> GateOverride:
        """The domain's override."""
        body = self.spec
        return GateOverride(
            gates=body.gates,
            candidate=Digest(body.candidate) if body.candidate else None,
            champion=Digest(body.champion) if body.champion else None,
            owner=body.owner,
            reason=body.reason,
            since=body.since,
            until=body.until,
        )
