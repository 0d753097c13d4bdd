"""Settings to the context of one model's run: what a stage of its pipeline, or a simulation of it, is given."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.dvc_config import main_checkout
from reconciler.adapters.git import GitRepository
from reconciler.adapters.memory import FolderMemory
from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.adapters.worktree import read_tree
from reconciler.errors import ReconcilerError
from reconciler.pipeline.champion import champion_build
from reconciler.pipeline.context import StageContext
from reconciler.ports import Readers
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.load import load_specs
from reconciler.specs.parameters import RunParameters
from reconciler.specs.specs import Specs
from reconciler.wiring import environment, open_world, root_of, source_data


def stage_context(repo: str, model: str, tell: Callable[[str], None] = lambda _: None) -> StageContext:
    """What a stage of the model's pipeline is given, from the working tree at `repo`. `tell` hears what its programs print.

    Raises InvalidSpecsError, and ReconcilerError for a model that is unknown or has no entry in params.yaml.
    """
    repository = GitRepository.open(Path(repo), environment())
    root = repository.root
    files = read_tree(root)
    specs = load_specs(files)
    if model not in specs.models:
        known = ", ".join(specs.models) or "none"
        raise ReconcilerError(f"there is no model {model}; there are {known}", help="perennial status")
    if model not in specs.parameters:
        raise ReconcilerError(f"params.yaml has no entry models.{model}, so no run of it is defined", help="perennial reconcile")
    spec, parameters = specs.models[model], specs.parameters[model]
    dataset = specs.datasets[spec.spec.dataset]
    return StageContext(
        root=root,
        model=spec,
        dataset=dataset,
        parameters=parameters,
        made_from=fingerprint(files, spec, dataset, parameters),
        champion=champion_build(specs, model, parameters.champion),
        continues=champion_build(specs, model, parameters.continues),
        data=source_data(root, environment()),
        artifacts=DvcArtifacts(main_checkout(root), environment()),
        programs=SupervisedPrograms(environment(), tell),
        unfinished=repository.common_dir / "perennial" / "unfinished",
        interpreter=main_checkout(root) / Path(spec.spec.serve.python).expanduser() if spec.spec.serve.python else None,
        gates=specs.gates[spec.spec.gates].spec.gates,
    )


def simulation(repo: str, model: str, scratch: Path) -> tuple[Specs, StageContext, Readers]:
    """The working tree's specs, a run of the model in the folder `scratch`, and readers that remember only there.

    Raises InvalidSpecsError, and ReconcilerError for a model that is unknown.
    """
    root, env = root_of(repo), environment()
    files = read_tree(root)
    specs = load_specs(files)
    if model not in specs.models:
        known = ", ".join(specs.models) or "none"
        raise ReconcilerError(f"there is no model {model}; there are {known}", help="perennial status")
    world = open_world(repo)
    spec, dataset = specs.models[model], specs.datasets[specs.models[model].spec.dataset]
    seed = specs.parameters[model].seed if model in specs.parameters else 0
    parameters = RunParameters(dataset=dataset.name, as_of=world.readers.clock.now(), seed=seed, champion="none")
    context = StageContext(
        root=scratch,
        model=spec,
        dataset=dataset,
        parameters=parameters,
        made_from=fingerprint(files, spec, dataset, parameters),
        champion=None,
        data=source_data(root, env),
        artifacts=world.readers.artifacts,
        programs=world.readers.programs,
    )
    return specs, context, replace(world.readers, memory=FolderMemory(scratch / "memory", most=100_000), store=None)
