"""Stage 5 of 6, package: everything that serving and judging need in one deterministic zip, and the build that Git keeps."""

import hashlib

from reconciler.domain.names import OUTCOMES, run_path
from reconciler.domain.releases import Artifact, Build, digest_of_bytes
from reconciler.pipeline.archive import pack, sha256_of
from reconciler.pipeline.artifact import (
    CONTRACT,
    DATA,
    ENVIRONMENT,
    LOCK,
    MANIFEST,
    PROFILE,
    SAMPLES,
    TRAINING,
    environment_versions,
)
from reconciler.pipeline.build_json import build_text, json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import read_fitted
from reconciler.pipeline.stored import read_data, read_run_bytes, write_run
from reconciler.specs.fingerprint import LOCK_FILE

PACKAGE = "model.zip"


def package(context: StageContext) -> str:
    """Write model.zip and candidate.json. Returns one line with the digest."""
    parts = {name: read_run_bytes(context, name) for name in (PROFILE, OUTCOMES, CONTRACT, TRAINING, SAMPLES)}
    parts |= read_fitted(context)
    parts[ENVIRONMENT] = json_text({**environment_versions(), "lock": context.made_from.environment}).encode()
    parts[DATA] = json_text({"dataset": context.dataset.name, "licence": context.dataset.spec.licence}).encode()
    if (lock := context.root / LOCK_FILE).is_file():
        parts[LOCK] = lock.read_bytes()
    manifest = {"sha256": {name: sha256_of(content) for name, content in parts.items()}}
    content = pack({**parts, MANIFEST: json_text(manifest).encode()})
    write_run(context, PACKAGE, content)
    artifact = Artifact(
        path=run_path(context.model.name, PACKAGE),
        sha256=digest_of_bytes(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        size=len(content),
    )
    build = Build(model=context.model.name, artifact=artifact, data=read_data(context), made_from=context.made_from)
    write_run(context, "candidate.json", build_text(build))
    return f"{context.model.name}: packaged {len(content):,} bytes as {build.digest}"
