"""Between package and observe: what one training made, as the JSON that Git keeps (`candidate.json`, `snapshot.json`). Pure."""

import json
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, Build, DataRange, Fingerprint
from reconciler.errors import ReconcilerError
from reconciler.rules.fields import Name, Written
from reconciler.specs.release import ArtifactBody, DataBody, MadeFromBody, Sha256


class BuildBody(Written):
    """`candidate.json`. The digest is written for people and checked against the rest when it is read."""

    model: Name
    digest: Sha256
    artifact: ArtifactBody
    data: DataBody
    made_from: MadeFromBody


def json_text(value: Any) -> str:
    """JSON as Perennial writes it: two spaces, sorted keys, a newline at the end. Raises ValueError for NaN."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def data_range_text(data: DataRange) -> str:
    """`snapshot.json`."""
    return json_text(DataBody.of(data).model_dump(mode="json", by_alias=True))


def read_data_range(text: str) -> DataRange:
    """The rows that a snapshot holds. Raises ReconcilerError when the text is something else."""
    try:
        return DataBody.model_validate_json(text).range()
    except ValidationError as error:
        raise ReconcilerError(f"snapshot.json cannot be understood: {_first(error)}", help="dvc repro") from error


def build_text(build: Build) -> str:
    """`candidate.json`."""
    body = BuildBody(
        model=build.model,
        digest=build.digest,
        artifact=ArtifactBody(**asdict(build.artifact)),
        data=DataBody.of(build.data),
        made_from=MadeFromBody(**asdict(build.made_from)),
    )
    return json_text(body.model_dump(mode="json", by_alias=True))


def read_evidence_build(text: str | bytes) -> Build:
    """The build that a gate report (`models/<name>/evidence/<digest>.json`) is about. Raises ReconcilerError."""
    try:
        report = json.loads(text)
        kept = {key: report[key] for key in ("model", "digest", "artifact", "data", "madeFrom")}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReconcilerError(f"the evidence cannot be understood: {error}", help="git log -- models") from error
    return read_build(json.dumps(kept))


def read_build(text: str) -> Build:
    """The build in the text of `candidate.json`.

    Raises ReconcilerError when it cannot be understood, or when its digest is not the digest of what it says.
    """
    try:
        body = BuildBody.model_validate_json(text)
    except ValidationError as error:
        raise ReconcilerError(f"candidate.json cannot be understood: {_first(error)}", help="dvc repro") from error
    artifact = body.artifact
    build = Build(
        model=body.model,
        artifact=Artifact(path=artifact.path, sha256=Digest(artifact.sha256), md5=artifact.md5, size=artifact.size),
        data=body.data.range(),
        made_from=Fingerprint(**body.made_from.model_dump()),
    )
    if build.digest != body.digest:
        raise ReconcilerError(f"candidate.json says digest {body.digest}, its content has {build.digest}", help="dvc repro")
    return build


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']}" if where else problem["msg"]
