"""Stage 5 of 5, package: everything that serving and judging need in one deterministic zip, and the build that Git keeps."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.names import run_path
from reconciler.domain.releases import Artifact, Build, digest_of_bytes
from reconciler.pipeline.archive import pack, sha256_of
from reconciler.pipeline.artifact import (
    CONTRACT,
    ENVIRONMENT,
    MANIFEST,
    MODEL,
    PROFILE,
    SAMPLES,
    Contract,
    environment_versions,
    open_artifact,
    predictions,
)
from reconciler.pipeline.build_json import build_text, json_text
from reconciler.pipeline.canonical import load
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.stored import read_run_bytes, read_stored, write_run

if TYPE_CHECKING:
    import polars as pl

PACKAGE = "model.zip"
SAMPLE_ROWS = 5


def package(context: StageContext) -> str:
    """Write model.zip and candidate.json, and open the package once as others will. Returns one line with the digest."""
    stored = read_stored(context)
    parts = {name: read_run_bytes(context, name) for name in (MODEL, PROFILE, CONTRACT)}
    contract = Contract.model_validate_json(parts[CONTRACT])
    estimator = load(parts[MODEL], contract.estimator)
    parts[SAMPLES] = json_text(_samples(estimator, contract, stored.holdout)).encode()
    parts[ENVIRONMENT] = json_text({**environment_versions(), "lock": context.made_from.environment}).encode()
    manifest = {"sha256": {name: sha256_of(content) for name, content in parts.items()}}
    content = pack({**parts, MANIFEST: json_text(manifest).encode()})
    write_run(context, PACKAGE, content)
    artifact = Artifact(
        path=run_path(context.model.name, PACKAGE),
        sha256=digest_of_bytes(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        size=len(content),
    )
    open_artifact(context.path(PACKAGE), artifact.sha256)
    build = Build(model=context.model.name, artifact=artifact, data=stored.data, made_from=context.made_from)
    write_run(context, "candidate.json", build_text(build))
    return f"{context.model.name}: packaged {len(content):,} bytes as {build.digest}"


def _samples(estimator: Any, contract: Contract, holdout: "pl.DataFrame") -> Mapping[str, Any]:
    """A few rows of the hold-out, evenly spaced, and what the model answers: whoever serves it can check itself."""
    rows = np.unique(np.linspace(0, holdout.height - 1, SAMPLE_ROWS).astype(int))
    few = holdout[rows.tolist()]
    inputs = features_of(few, contract.features).fill_nan(None).to_dicts()
    return {"inputs": inputs, "predictions": predictions(estimator, contract, few).tolist()}
