"""What a runtime's renderer looks at: the releases of one model in one environment, and how they share its requests. Pure."""

from dataclasses import dataclass

from reconciler.domain.packages import FILE, Package, address_of, port_of, storage_uri
from reconciler.domain.releases import Release, digest_of
from reconciler.render.quantities import quantity
from reconciler.render.strategy import DIRECT, Strategy
from reconciler.rules.fields import time_text
from reconciler.specs.serving import Router, Runtime, Serve

PART_LENGTH = 10
"""Digits of a digest in an object's name; with a model's 52 characters and a hyphen they make the 63 that a name may have."""

MODELS = "/mnt/models"
"""The folder in a pod where the package is; KServe has it, too."""
MEBIBYTE = 1 << 20
ROOM = 2
"""The volume has room for so many packages: a container that starts again fetches anew before it lets go of what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A release that has pods, and its percent of the requests."""

    release: Release
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A rollout that has begun and not ended: the live release, and those that may replace it, the newest last."""

    live: Arm
    candidates: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where pods fetch packages from: below `base`, as the service account, and with the Secret's keys in their environment."""

    base: str
    account: str | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One model in one environment. `commit` is the one on main that it was trained from; empty where that is not known.

    Without `packages` its server has its own way to the model.
    """

    serve: Serve
    release: Release
    strategy: Strategy = DIRECT
    underway: Underway | None = None
    namespace: str = ""
    prometheus: str = ""
    commit: str = ""
    packages: Place | None = None

    @property
    def model(self) -> str:
        """The model's name, which its objects carry."""
        return self.release.build.model

    @property
    def arms(self) -> tuple[Arm, ...]:
        """What has pods: the live release, then those that are on their way; or all there is."""
        return (self.underway.live, *self.underway.candidates) if self.underway else (Arm(release=self.release, weight=100),)

    @property
    def last_wave(self) -> str:
        """When Argo CD applies what sends requests to pods, or asks for more: when those of a new release are ready.

        Empty where it makes no difference. Argo Rollouts waits by itself, and looks for its routes before anything is ready.
        """
        return "1" if self.serve.runtime is Runtime.DEPLOYMENT and self.serve.router is not Router.NONE else ""

    def values(self, release: Release, **more: object) -> dict[str, object]:
        """What every template of a runtime is given, about one of the releases. `more` adds to it or overrides."""
        fetched = self._fetched(release)
        reference = reference_of(release) | ({"package": str(fetched["address"])} if fetched["address"] else {})
        return {
            "name": self.model,
            "model": self.model,
            "environment": release.environment,
            "version": release.version,
            "digest": release.digest,
            "part": part_of(release),
            "commit": self.commit if release is self.release else "",
            "runtime": self.serve.runtime.value,
            "meshed": self.serve.router is Router.ISTIO,
            "reference": dict(sorted(reference.items())),
            "reference_digest": digest_of(reference),
            "reference_from": "annotations" if self.serve.runtime is Runtime.ROLLOUT else "configMap",
            "fetched": fetched,
            "serve": self._serve(),
            "split": False,
            "scraped": False,
            "weights": "",
            "wave": "",
            **more,
        }

    def _fetched(self, release: Release) -> dict[str, object]:
        """How the package gets into a pod; without an address its server has its own way."""
        if self.packages is None:
            return {"address": "", "storageUri": "", "account": "", "initially": False, "port": 0}
        package = Package(model=self.model, artifact=release.build.artifact)
        base = self.packages.base
        by_kserve = storage_uri(base, package) if self.serve.runtime is Runtime.KSERVE else ""
        return {
            "address": address_of(base, package),
            "storageUri": by_kserve,
            "initially": not by_kserve,
            "port": port_of(base),
            "file": f"{MODELS}/{FILE}",
            "folder": MODELS,
            "account": self.packages.account or "",
            "secret": self.packages.secret or "",
            "room": quantity(f"{ROOM * (package.artifact.size // MEBIBYTE + 1)}Mi"),
        }

    def _serve(self) -> dict[str, object]:
        """What the spec says, in the API server's own words."""
        amounts = {name: quantity(amount) for name, amount in self.serve.resources.model_dump().items()}
        return {**self.serve.model_dump(mode="json"), "resources": amounts}


def part_of(release: Release) -> str:
    """What tells the objects of this release from those of another one of the same model."""
    return release.digest.removeprefix("sha256:")[:PART_LENGTH]


def reference_of(release: Release) -> dict[str, str]:
    """What the server needs to fetch the model and to know that it has the right one. Values are text."""
    build = release.build
    return {
        "artifactMd5": build.artifact.md5,
        "artifactPath": build.artifact.path,
        "artifactSha256": build.artifact.sha256,
        "artifactSize": str(build.artifact.size),
        "asOf": time_text(build.data.as_of),
        "dataset": build.data.dataset,
        "digest": release.digest,
        "environment": release.environment,
        "model": build.model,
        "version": release.version,
    }
