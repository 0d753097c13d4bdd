"""What is made from what: a change of one part changes one digest."""

from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import ROOT, a_repository

MODEL = "models/flight-delay/model.yaml"
CODE = {
    "reconciler/pipeline/train.py": "train\n",
    "reconciler/statistics/drift/psi.py": "psi\n",
    "requirements/lock.txt": "numpy==2\n",
    "datasets/other.py": "other\n",
    "models/flight-delay/pipeline.py": "build\n",
    "models/flight-arrival/pipeline.py": "build\n",
}


def made_from(**changes: str | None):
    specs = load_specs(a_repository(**(CODE | changes)))
    return fingerprint(specs.files, specs.models["flight-delay"], specs.datasets["flights"], specs.parameters.get("flight-delay"))


def replaced(path: str, old: str, new: str) -> dict[str, str]:
    assert old in ROOT[path]
    return {path: ROOT[path].replace(old, new)}


@each(
    ("changes", "parts"),
    [
        (replaced(MODEL, "holdout: 2w", "holdout: 1w"), ("spec",)),
        (replaced(MODEL, "  task: binary", "  protected: [remarks]\n  task: binary"), ("spec",)),
        (replaced(MODEL, "{max_iter: 50}", "{max_iter: 60}"), ("spec",)),
        (replaced("datasets/flights.yaml", "maximum: 5000", "maximum: 6000"), ("spec",)),
        (replaced("params.yaml", "seed: 7", "seed: 8"), ("parameters",)),
        ({"requirements/lock.txt": "numpy==3\n"}, ("environment",)),
        ({"requirements/lock.txt": None}, ("environment",)),
        ({"reconciler/pipeline/train.py": "changed\n"}, ("code",)),
        ({"reconciler/pipeline/new.py": ""}, ("code",)),
        ({"reconciler/statistics/drift/psi.py": None}, ("code",)),
        ({"models/flight-delay/features/time.py": "x\n"}, ("code",)),
        ({"datasets/flights.py": "def flights(columns, start, end): return None\n"}, ("code",)),
    ],
)
def test_what_makes_the_model_changes_its_part(changes, parts):
    assert made_from().differences(made_from(**changes)) == parts


@each(
    "changes",
    [
        replaced(MODEL, "[staging, production]", "[production]"),
        replaced(MODEL, "owner: airport team", "owner: someone"),
        replaced(MODEL, "holdout: 2w", "holdout: 14d"),
        replaced(MODEL, "holdout: 2w", "holdout: 2w\n    limits: {time: 1h, memory: 4Gi}\n    retries: {limit: 3}"),
        {"models/flight-delay/train.R": "of no program: not run\n"},
        {MODEL: f"# a comment\n{ROOT[MODEL]}"},
        replaced("params.yaml", "2013-03-01", "2013-04-01"),
        replaced("policies/gates/strict.yaml", "0.6", "0.7"),
        {"models/flight-arrival/pipeline.py": "changed\n"},
        {"datasets/other.py": "changed\n"},
        {"models/flight-delay/CARD.md": "# card\n"},
        {"reconciler/pipeline/notes.md": "x\n"},
    ],
)
def test_what_only_steers_it_changes_nothing(changes):
    assert made_from() == made_from(**changes)


def test_a_model_that_never_ran_has_the_seed_zero():
    zero = replaced("params.yaml", "seed: 7", "seed: 0")
    assert made_from(**{"params.yaml": None}) == made_from(**zero)


def test_all_files_of_a_program_are_its_code():
    spec = replaced(
        MODEL,
        "estimator: histGradientBoosting",
        "estimator: command\n    command: [sh, train.sh]\n    predict: {command: [sh, predict.sh]}",
    )
    folder = "models/flight-delay/"
    usual = made_from(**spec)
    for name in ("train.R", "data/weights.bin", "Makefile", "data/notes.md", "notes.txt"):
        assert usual.differences(made_from(**spec, **{folder + name: "x"})) == ("code",)
    for name in ("CARD.md", "evidence/x.json"):
        assert usual.differences(made_from(**spec, **{folder + name: "x"})) == ()
