"""params.yaml: what a run may change, per model."""

from typing import Annotated

from pydantic import Field

from reconciler.rules.fields import Name, Time, Written


class RunParameters(Written):
    """One entry of `params.yaml: models`, which is also what DVC tracks as the parameters of the model's stages."""

    dataset: Name
    as_of: Time
    """Nothing later than this is known to the run: neither rows nor labels."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    champion: Annotated[str, Field(pattern=r"^(none|sha256:[0-9a-f]{64})$")] = "none"
    """The digest of the release that the candidate is compared with, or none."""
    continues: Annotated[str, Field(pattern=r"^(none|sha256:[0-9a-f]{64})$")] = "none"
    """The digest of the release whose model is trained further, or none: the model is trained anew."""


class ParametersFile(Written):
    """The whole of params.yaml."""

    models: dict[Name, RunParameters] = {}
