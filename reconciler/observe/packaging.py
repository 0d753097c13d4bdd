"""Whether servers can fetch what main names and what may be proposed: asked of the place for all models at once."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.names import Digest, Revision, environment_branch
from reconciler.domain.packages import NOT_THERE, RULE, Package, Packaging, address_of
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import Build, Release
from reconciler.errors import ObserveError
from reconciler.observe.proofs import Proofs
from reconciler.observe.sharing import waiting_candidate
from reconciler.ports import Packages, Readers, RepositoryReader
from reconciler.specs.specs import Specs

Refs = Mapping[str, Revision]
_AT_ONCE = 8
"""Questions under way together: each may take a journey to an object store."""
_PATIENCE = 3
"""After so many failures in a row the place is left alone for this pass: each may have taken long to fail."""


def packaging_of_releases(specs: Specs, readers: Readers) -> Packaging:
    """Of all that main names; nothing where no place is configured."""
    builds = (release.build for releases in specs.releases.values() for release in releases.values())
    return packaging_of(builds, specs, readers)


def packaging_of_candidates(models: Iterable[ModelFacts], specs: Specs, readers: Readers) -> Packaging:
    """Of the candidates that may be proposed."""
    waiting = (candidate.build for facts in models if (candidate := waiting_candidate(facts)))
    return packaging_of(waiting, specs, readers)


def with_packages(proofs: Proofs, specs: Specs, packaging: Packaging, refs: Refs, repository: RepositoryReader) -> Proofs:
    """What is released is acted on only when servers can fetch it: one more link, where a place is configured.

    What the environment's branch names already is no reason: whoever is sent back to it, or gets a smaller share, asks nothing
    new of the place.
    """
    if not packaging:
        return proofs
    releases = [release for found in specs.releases.values() for release in found.values()]
    doubted = [release for release in releases if packaging[release.digest].answer is not Answer.YES]
    named = {release for release in doubted if _is_named(release, specs, refs, repository)}
    linked = {release: packaging[release.digest] for release in releases if release not in named}
    return {
        model: {
            environment: _linked(proof, linked.get(specs.releases[model][environment])) for environment, proof in found.items()
        }
        for model, found in proofs.items()
    }


def _is_named(release: Release, specs: Specs, refs: Refs, repository: RepositoryReader) -> bool:
    """Its package's address stands on the environment's branch."""
    tip, build = refs.get(f"refs/heads/{environment_branch(release.environment)}"), release.build
    if tip is None or specs.settings.packages is None:
        return False
    address = address_of(specs.settings.packages, Package(model=build.model, artifact=build.artifact)).encode()
    return any(address in content for content in repository.files(tip, f"manifests/{build.model}").values())


def _linked(proof: Proof, said: Judgement | None) -> Proof:
    return proof if said is None else replace(proof, links=(*proof.links, said))


def packaging_of(builds: Iterable[Build], specs: Specs, readers: Readers) -> Packaging:
    """Of these builds; nothing where no place is configured."""
    base = specs.settings.packages
    wanted = {Digest(build.digest): build for build in builds} if base is not None else {}
    if not wanted:
        return {}
    place = readers.packages
    if place is None or place.base != base:
        other = "no place" if place is None else place.base
        doubt = unknown(RULE, "otherPlace", f"main publishes packages to {base}, this checkout to {other}", "git pull")
        return dict.fromkeys(wanted, doubt)
    looker = _Looker(place=place, readers=readers)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(looker.judge, wanted.values()), strict=True))


@dataclass(slots=True, kw_only=True)
class _Looker:
    """Asks the place, as long as it answers."""

    place: Packages
    readers: Readers
    failed: int = 0
    last: Judgement | None = None

    def judge(self, build: Build) -> Judgement:
        """YES: it is there with the size that it should have. What its bytes are, who fetches it checks."""
        if self.failed >= _PATIENCE and self.last is not None:
            return self.last
        package = Package(model=build.model, artifact=build.artifact)
        try:
            size = self.place.find(package)
        except ObserveError as error:
            self.failed += 1
            self.last = unknown(RULE, "packagesUnknown", error.message, error.help)
            return self.last
        self.failed = 0
        return self._answer(package, size)

    def _answer(self, package: Package, size: int | None) -> Judgement:
        artifact, where = package.artifact, self.place.base
        if size is None:
            return self._absent(package)
        if size != artifact.size:
            message = f"{where} has {size:,} bytes under {artifact.sha256}, {artifact.size:,} were released"
            return no(RULE, "otherPackage", message, "find out who wrote it, and remove it; then perennial reconcile")
        return yes(RULE, "packageThere", f"its package ({artifact.size:,} bytes) is in {where}")

    def _absent(self, package: Package) -> Judgement:
        artifact = package.artifact
        message = f"its package ({artifact.path}, {artifact.size:,} bytes) is not in {self.place.base}"
        cache = self.readers.cache
        if self.readers.data_remote is None and (cache is None or cache.find(artifact.md5) is None):
            remedy = "perennial reconcile, where it was trained; or dvc repro, which makes it again"
            return no(RULE, "packageLost", f"{message}, nor in DVC's cache on this machine", remedy)
        return no(RULE, NOT_THERE, f"{message} yet", "perennial reconcile")
