"""The names that Perennial gives to branches, tags and files, in one place."""

from typing import NewType

Digest = NewType("Digest", str)
"""`sha256:` and 64 hexadecimal digits."""

Revision = NewType("Revision", str)
"""A git commit, 40 hexadecimal digits."""

NAME_PATTERN = r"^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$"
"""Names of models, datasets, policies and environments: a DNS label that starts with a letter, as Services need."""

COMMITTER = ("Perennial", "perennial@localhost")
"""Name and e-mail of everything that Perennial commits; a branch whose tip is somebody else's is not overwritten."""

SIGNING = "signing"
"""The folder of the public keys whose signatures count: `signing/*.pub`."""
WANTED_FOLDERS = ("models", "datasets", "policies", "templates", "reconciler/pipeline", "reconciler/statistics", SIGNING)
WANTED_FILES = ("params.yaml", "pyproject.toml", "dvc.lock", "requirements/lock.txt", "requirements/perennial.txt")
RUNS = "runs"
CAUSE, OUTCOMES = "cause.json", "outcomes.json"
"""Among what a run left: why the candidate was trained, and what it answers and leans on."""
"""Where a repository says what it wants: in these folders and files, and in what the last runs left under Git."""

MAIN = "main"
LEDGER_BRANCH = "perennial/ledger"


def candidate_branch(model: str) -> str:
    """The branch that holds the model's newest trained candidate."""
    return f"perennial/{model}/candidate"


def promotion_branch(model: str, environment: str) -> str:
    """The one branch from which the model is promoted to the environment."""
    return f"perennial/{model}/{environment}"


def hold_branch(model: str) -> str:
    """The branch from which a stop sign is proposed that somebody asked for in a comment."""
    return f"perennial/{model}/hold"


def rollback_branch(model: str, environment: str) -> str:
    """The branch from which it is proposed to put back what the environment ran before, when somebody asked for that."""
    return f"perennial/{model}/rollback-{environment}"


def environment_branch(environment: str) -> str:
    """The branch of rendered manifests that Argo CD tracks."""
    return f"env/{environment}"


def version_tag(model: str, version: str) -> str:
    """The GTO tag that registers a version: `flight-delay@v1.7.0`."""
    return f"{model}@v{version}"


def stage_tag(model: str, environment: str, number: int) -> str:
    """The GTO tag that assigns a version to an environment: `flight-delay#production#3`."""
    return f"{model}#{environment}#{number}"


def model_path(model: str) -> str:
    """The model's spec."""
    return f"models/{model}/model.yaml"


def release_path(model: str, environment: str) -> str:
    """What runs of the model in the environment."""
    return f"models/{model}/releases/{environment}.yaml"


def evidence_path(model: str, digest: str) -> str:
    """The gate report of one digest."""
    return f"models/{model}/evidence/{digest.removeprefix('sha256:')}.json"


def provenance_path(model: str, digest: str) -> str:
    """The statement of what one digest was made from."""
    return f"models/{model}/evidence/{digest.removeprefix('sha256:')}.provenance.json"


def signature_path(model: str, digest: str) -> str:
    """The statement signed with a key: an in-toto envelope."""
    return f"models/{model}/evidence/{digest.removeprefix('sha256:')}.intoto.jsonl"


def bundle_path(model: str, digest: str) -> str:
    """The statement signed keyless: a sigstore bundle."""
    return f"models/{model}/evidence/{digest.removeprefix('sha256:')}.sigstore.json"


def card_path(model: str) -> str:
    """The model card of the newest promoted digest."""
    return f"models/{model}/CARD.md"


def hold_path(model: str) -> str:
    """A person's stop sign."""
    return f"models/{model}/hold.yaml"


def quarantine_path(model: str) -> str:
    """Digests that may not come back."""
    return f"models/{model}/quarantine.yaml"


def is_program(path: str, model: str) -> bool:
    """The file is the team's own, of the folder `models/<model>`: neither a spec nor anything that promotions write."""
    folder = f"models/{model}/"
    parts = path.removeprefix(folder).split("/") if path.startswith(folder) else []
    if not parts or "__pycache__" in parts or path.endswith(".pyc"):
        return False
    return not path.endswith((".yaml", ".md")) if len(parts) == 1 else parts[0] not in ("releases", "evidence")


def override_path(model: str) -> str:
    """Gates that people set aside for a while."""
    return f"models/{model}/override.yaml"


def run_path(model: str, name: str) -> str:
    """A file that the model's DVC stages leave behind."""
    return f"runs/{model}/{name}"


def short(digest: str) -> str:
    """The first twelve hexadecimal digits, for people."""
    return digest.removeprefix("sha256:")[:12]
