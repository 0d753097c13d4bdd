"""What all kinds share: apiVersion, kind, metadata."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.rules.fields import Name, Written

API_VERSION = "perennial/v1"

ApiVersion = Literal["perennial/v1"]


class Metadata(Written):
    """Who it is and whose it is."""

    name: Name
    """Unique among its kind; the file or folder carries the same name."""
    owner: Annotated[str, Field(max_length=100)] = ""
    """The person or team that answers for it."""
    description: Annotated[str, Field(max_length=2000)] = ""
    """One sentence for people."""


class Spec(Written):
    """The frame of a document."""

    api_version: ApiVersion
    metadata: Metadata

    @property
    def name(self) -> str:
        """The name in the metadata."""
        return self.metadata.name
