"""Kinds Hold and Quarantine: how people and the reconciler say stop, beside the model that it concerns."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.rules.fields import Name, Time, Written
from reconciler.specs.metadata import Spec
from reconciler.specs.release import Sha256


class HoldBody(Written):
    """Change nothing of this model."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    owner: Annotated[str, Field(min_length=1, max_length=100)]
    until: Time | None = None
    """The hold ends by itself then; none: when the file is removed."""
    environments: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Where nothing new is released; left out: everything about the model stops, training too."""


class HoldFile(Spec):
    """`models/<name>/hold.yaml`."""

    kind: Literal["Hold"]
    spec: HoldBody


class QuarantinedDigest(Written):
    """One digest that may not come back."""

    digest: Sha256
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class QuarantineBody(Written):
    """All of them."""

    digests: Annotated[tuple[QuarantinedDigest, ...], Field(strict=False)] = ()


class QuarantineFile(Spec):
    """`models/<name>/quarantine.yaml`."""

    kind: Literal["Quarantine"]
    spec: QuarantineBody
