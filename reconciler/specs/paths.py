"""Which files of a repository say what it wants: what is loaded, fingerprinted and rendered."""

SPEC_PREFIXES = (
    "models",
    "datasets",
    "policies",
    "templates",
    "params.yaml",
    "dvc.lock",
    "pyproject.toml",
    "requirements/lock.txt",
    "reconciler/pipeline",
    "reconciler/statistics",
    "runs",
)
