"""What follows from main's release files: version and stage tags (GTO names), and the rendered environment branches. Pure."""

from collections.abc import Iterator, Sequence

from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import environment_branch, short, stage_tag, version_tag
from reconciler.domain.releases import Release
from reconciler.domain.steps import Publish, Step, Tag
from reconciler.domain.world import World
from reconciler.render.manifests import render_environment
from reconciler.specs.specs import Specs


def publish_steps(world: World, specs: Specs, models: Sequence[str]) -> list[Step]:
    """Tags that are missing, and environment branches that do not hold what main says; nothing when all is there."""
    steps: list[Step] = []
    for name in models:
        steps.extend(_tags(world.models[name], world))
    for environment in sorted({name for model in specs.models.values() for name in model.spec.environments}):
        steps.extend(_manifests(environment, world, specs))
    return steps


def _tags(facts: ModelFacts, world: World) -> Iterator[Tag]:
    registered: set[str] = set()
    for environment in facts.environments:
        release, commit = facts.releases.get(environment), facts.introduced.get(environment)
        if release is None or commit is None:
            continue
        version = version_tag(facts.model, release.version)
        target = facts.tags.get(version, commit)
        if version not in facts.tags and version not in registered:
            registered.add(version)
            yield Tag(
                model=facts.model,
                name=version,
                target=commit,
                message=f"{facts.model} {release.version} ({short(release.digest)})",
                at=world.at,
            )
        numbers = stage_numbers(facts, environment)
        newest = stage_tag(facts.model, environment, numbers[-1]) if numbers else ""
        if facts.tags.get(newest) != target:
            yield _assign(facts, environment, release, numbers[-1] + 1 if numbers else 1, world)


def _assign(facts: ModelFacts, environment: str, release: Release, number: int, world: World) -> Tag:
    commit = facts.tags.get(version_tag(facts.model, release.version), facts.introduced[environment])
    return Tag(
        model=facts.model,
        name=stage_tag(facts.model, environment, number),
        target=commit,
        message=f"{facts.model} {release.version} runs in {environment}",
        at=world.at,
    )


def stage_numbers(facts: ModelFacts, environment: str) -> list[int]:
    """Numbers of the stage tags of the environment, ascending."""
    start = f"{facts.model}#{environment}#"
    ends = (tag.removeprefix(start) for tag in facts.tags if tag.startswith(start))
    return sorted(int(end) for end in ends if end.isdecimal())


def _manifests(environment: str, world: World, specs: Specs) -> Iterator[Publish]:
    released = [(name, releases[environment]) for name, releases in specs.releases.items() if environment in releases]
    seen = world.environments[environment]
    if not released and seen.tip is None:
        return
    files = render_environment(specs, environment)
    if files == seen.files:
        return
    lines = [f"{name} {release.version} {short(release.digest)}" for name, release in released]
    yield Publish(
        environment=environment,
        branch=environment_branch(environment),
        replaces=seen.tip,
        files=files,
        message="\n".join([f"Render {environment}", "", *lines]),
    )
