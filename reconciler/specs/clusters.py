"""`[tool.perennial.clusters]`: through what an environment's cluster is seen and told to act."""

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reconciler.rules.fields import Name, Written

_OF = {"url": "argocd", "ca": "argocd", "verify": "argocd", "tokenFrom": "argocd", "context": "kubernetes"}
"""By key, the one type that it belongs to."""
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]+)?(/|$)")


class ClusterAccess(Written):
    """Where to ask of what runs."""

    type: Literal["none", "argocd", "kubernetes"] = "none"
    """`argocd` asks Argo CD's API, `kubernetes` reads and patches Argo CD's objects; `none`: nobody is asked."""
    url: Annotated[str, Field(pattern=r"^https?://[^/?#@]+(/[^?#@]*)?$")] | None = None
    """Of `argocd`: its address; left out: https:// and what ARGOCD_SERVER says."""
    ca: Annotated[str, Field(min_length=1)] | None = None
    """Of `argocd`: a file of certificates (PEM) to trust instead of the machine's; relative paths start at the repository."""
    verify: bool = True
    """Of `argocd`: whether the server has to prove who it is. Without that anybody on the way can read the token."""
    token_from: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    """Of `argocd`: the environment variable with the token; left out: PERENNIAL_ARGOCD_TOKEN, else ARGOCD_AUTH_TOKEN."""
    context: Annotated[str, Field(min_length=1)] | None = None
    """Of `kubernetes`: the context in KUBECONFIG; left out: the current one, or inside of a cluster the pod's own account."""
    timeout: Annotated[float, Field(gt=0, le=300)] = 10
    """Seconds that a server may be silent."""

    @model_validator(mode="after")
    def _only_its_own(self) -> "ClusterAccess":
        """A key that the type does not look at would do nothing, and a token is not sent for everybody to read."""
        for field in sorted(self.model_fields_set):
            key = type(self).model_fields[field].alias or field
            if _OF.get(key, self.type) != self.type:
                raise ValueError(f'{key} is of type = "{_OF[key]}", but the type is "{self.type}"')
        if self.url and self.url.startswith("http:") and not _HERE.match(self.url):
            raise ValueError("https:// is needed, because a token is sent: http:// only to 127.0.0.1 or localhost")
        return self


class ClusterSettings(ClusterAccess):
    """The same for all environments, but for those that have a table of their own."""

    environments: dict[Name, ClusterAccess] = {}
    """An environment's own access, whole: nothing of it is taken from the table above."""

    def access(self, environment: str) -> ClusterAccess:
        """That of the environment."""
        return self.environments.get(environment, self)
