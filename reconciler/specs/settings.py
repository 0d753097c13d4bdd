"""`[tool.perennial]` of pyproject.toml: the few settings of a repository that are not about one model."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reconciler.rules.fields import Count, Name, Written
from reconciler.rules.freezes import ReleaseFreeze
from reconciler.specs.clusters import ClusterSettings
from reconciler.specs.noise import NoiseSettings

_PORT = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
PACKAGES = rf"^(oci://[A-Za-z0-9.-]+(:({_PORT}))?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+|(?!oci:)[^@\s?#]+)$"
"""A registry with a repository, or any other address; without credentials, which do not belong into Git."""


def _is_address(value: str) -> str:
    if not re.search(PACKAGES, value):
        raise ValueError("expected oci://<registry>/<repository>, or an address without @, ?, # and blanks")
    return value


PackagesAddress = Annotated[str, AfterValidator(_is_address), Field(json_schema_extra={"pattern": PACKAGES})]


class EnvironmentSettings(Written):
    """Where an environment's manifests go."""

    namespace: Name
    """The Kubernetes namespace."""
    cluster: str = "https://kubernetes.default.svc"
    """The API server that Argo CD deploys to."""
    service_account: Name | None = None
    """The service account that pods run as where packages are published: what may read them. None: the namespace's default."""
    secret: Name | None = None
    """A Secret whose keys become environment variables of what fetches packages, and of nothing else."""


class KeylessIdentity(Written):
    """Whose keyless signatures count."""

    identity: Annotated[str, Field(min_length=1)]
    """What the certificate names: a workflow's address, or an e-mail address."""
    issuer: Annotated[str, Field(pattern=r"^https://")]
    """The OpenID Connect issuer that vouches for it."""


class SigningSettings(Written):
    """How releases are signed, and whether they must be."""

    method: Literal["none", "key", "keyless"] = "none"
    """`key`: with a local Ed25519 key; `keyless`: by sigstore, with the identity that a CI job has."""
    required: bool = False
    """Releases without a signature that counts are neither published nor promoted further."""
    key: Annotated[str, Field(min_length=1)] | None = None
    """The private key's file (PEM); relative paths start at the repository's root. PERENNIAL_SIGNING_KEY counts more."""
    identities: Annotated[tuple[KeylessIdentity, ...], Field(strict=False)] = ()
    """Whose keyless signatures count. Keys that count are in `signing/*.pub`."""


class ForgeSettings(Written):
    """Where pull requests live."""

    type: Literal["local", "remote", "github"] = "local"
    """`local` keeps them in the repository's own refs, `remote` in those of its git remote; `github` on GitHub, with a token."""
    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")] | None = None
    """Of `github`: `owner/name`; left out: as the remote's address says."""
    url: Annotated[str, Field(pattern=r"^https?://")] = "https://api.github.com"
    """Of `github`: the API's base address; of GitHub Enterprise `https://<host>/api/v3`."""
    remote: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] = "origin"
    """Of `remote` and `github`: the git remote whose branches count; those of the repository here are people's own."""


class FleetFreeze(ReleaseFreeze):
    """A time in which nothing new is released, of any model."""

    environments: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Where; left out: in all of them."""


class Settings(Written):
    """Settings with their defaults. Keys are written in camelCase, as in the YAML: `repositoryUrl = "..."`."""

    forge: ForgeSettings = ForgeSettings()
    """Where pull requests live; left out: in the repository's own refs."""
    repository_url: Annotated[str, Field(min_length=1)] = "https://git.example.com/perennial.git"
    """Where Argo CD reads the environment branches."""
    argocd_namespace: Name = "argocd"
    """Where Argo CD looks for its Applications."""
    max_trainings_per_pass: Count = 4
    """More trainings wait for the next pass."""
    store: Annotated[str, Field(min_length=1)] | None = None
    """Any fsspec address where daily profiles are kept; left out: `perennial/store` in the git directory."""
    logs: Annotated[str, Field(min_length=1)] = "logs"
    """Any fsspec address with the prediction and label logs; relative paths start at the repository's root."""
    packages: PackagesAddress | None = None
    """Where servers fetch packages from: any fsspec address, or `oci://registry/repository`; left out: they are not published."""
    prometheus: Annotated[str, Field(pattern=r"^https?://")] | None = None
    """The Prometheus server that PromQL queries go to."""
    signing: SigningSettings = SigningSettings()
    """How releases are signed. Left out: they are not."""
    noise: NoiseSettings = NoiseSettings()
    """How much pull requests may disturb people. Left out: without limits."""
    clusters: ClusterSettings = ClusterSettings()
    """Through what it is seen what runs. Left out: nobody is asked, and what runs is UNKNOWN."""
    freeze: Annotated[tuple[FleetFreeze, ...], Field(strict=False)] = ()
    """Times in which nothing new is released, of any model. Training, closing and rolling back go on."""
    environments: dict[Name, EnvironmentSettings] = {}
    """Environments that are not named here deploy to a namespace of their own name."""

    def environment(self, name: str) -> EnvironmentSettings:
        """The environment's settings, or the defaults."""
        return self.environments.get(name) or EnvironmentSettings(namespace=name)

    def frozen_in(self, environment: str) -> tuple[FleetFreeze, ...]:
        """The times in which nothing new is released to the environment."""
        return tuple(one for one in self.freeze if not one.environments or environment in one.environments)
