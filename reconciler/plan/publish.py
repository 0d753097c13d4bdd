"""What follows from main's release files: version and stage tags (GTO names), and the rendered environment branches. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import Revision, environment_branch, short, stage_tag, version_tag
from reconciler.domain.proofs import objection
from reconciler.domain.releases import Release
from reconciler.domain.steps import Publish, Step, Tag
from reconciler.domain.world import World
from reconciler.plan.underway import Moves, Shown, shown
from reconciler.render.manifests import render_environment
from reconciler.render.served import Underway
from reconciler.specs.specs import Specs

NO_MOVES: Moves = MappingProxyType({})


def publish_steps(world: World, specs: Specs, models: Sequence[str], moves: Moves = NO_MOVES) -> list[Step]:
    """Tags that are missing, and environment branches that do not hold what main says; nothing when all is there.

    Rollouts under way keep their shares, but for the `moves` that are decided.
    """
    steps: list[Step] = []
    for name in models:
        steps.extend(_tags(world.models[name], world))
    for environment in sorted(world.environments):
        shares = shown(specs, environment, world.environments[environment].changeovers, moves)
        steps.extend(_manifests(environment, world, shares))
    return steps


def _tags(facts: ModelFacts, world: World) -> Iterator[Tag]:
    """A version's tag stands on the commit that first released it, and so do the stage tags that point to the version."""
    versions = dict(facts.tags)
    for environment in facts.environments:
        release, commit = facts.releases.get(environment), facts.introduced.get(environment)
        if release is None or commit is None or facts.objection(environment):
            continue
        version = version_tag(facts.model, release.version)
        if version not in versions:
            versions[version] = commit
            yield _tag(facts, version, commit, f"{facts.model} {release.version} ({short(release.digest)})", world)
        numbers = stage_numbers(facts.tags, facts.model, environment)
        newest = stage_tag(facts.model, environment, numbers[-1]) if numbers else ""
        if facts.tags.get(newest) != versions[version]:
            name = stage_tag(facts.model, environment, numbers[-1] + 1 if numbers else 1)
            yield _tag(facts, name, versions[version], f"{facts.model} {release.version} runs in {environment}", world)


def _tag(facts: ModelFacts, name: str, target: Revision, message: str, world: World) -> Tag:
    return Tag(model=facts.model, name=name, target=target, message=message, at=world.at)


def stage_numbers(tags: Iterable[str], model: str, environment: str) -> list[int]:
    """Numbers of the stage tags of the environment, ascending."""
    start = f"{model}#{environment}#"
    ends = (tag.removeprefix(start) for tag in tags if tag.startswith(start))
    return sorted(int(end) for end in ends if end.isdecimal())


def rendered_files(shares: Shown, environment: str, withheld: Collection[str], before: Mapping[str, str]) -> dict[str, str]:
    """What the environment's branch should hold. Of the models that are withheld it keeps the manifests that it had before."""
    proven = {name: found for name, found in shares.specs.releases.items() if name not in withheld}
    files = render_environment(replace(shares.specs, releases=proven), environment, shares.underway)
    kept = {path: text for path, text in before.items() if path.startswith(tuple(f"manifests/{name}/" for name in withheld))}
    if kept:
        files.pop("manifests/.gitkeep", None)
    return dict(sorted({**files, **kept}.items()))


def _manifests_in(files: Mapping[str, str]) -> dict[str, str]:
    """What is synced; not the page that lists it, which for a model that is withheld lacks a line."""
    return {path: text for path, text in files.items() if path.startswith("manifests/")}


def _manifests(environment: str, world: World, shares: Shown) -> Iterator[Publish]:
    seen = world.environments[environment]
    released = {name: found[environment] for name, found in shares.specs.releases.items() if environment in found}
    withheld = frozenset(name for name in released if objection(seen.proofs.get(name)))
    if seen.tip is None and not released.keys() - withheld:
        return
    files = rendered_files(shares, environment, withheld, seen.files)
    if files == seen.files or (withheld and _manifests_in(files) == _manifests_in(seen.files)):
        return
    lines = [_line(release, shares.underway.get(name)) for name, release in released.items() if name not in withheld]
    yield Publish(
        environment=environment,
        branch=environment_branch(environment),
        replaces=seen.tip,
        files=files,
        message="\n".join([f"Render {environment}", "", *lines]),
    )


def _line(release: Release, underway: Underway | None) -> str:
    """Who gets the requests, for the log of the branch."""
    runs = f"{release.build.model} {release.version} {short(release.digest)}"
    shares = [f"{arm.release.version} {arm.weight} %" for arm in (underway.live, *underway.candidates)] if underway else []
    return f"{runs} ({', '.join(shares)})" if shares else runs
