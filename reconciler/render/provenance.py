"""The provenance of a release as an in-toto statement with a SLSA provenance predicate, and back. Pure.

Formats: https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1. The same provenance gives the same bytes: the only
time in it is that of the training's commit.
"""

import json
from datetime import UTC
from typing import Any

from pydantic.alias_generators import to_camel

from reconciler.domain.names import Digest, Revision, evidence_path, version_tag
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Artifact, Build, DataRange, Fingerprint, Lineage
from reconciler.errors import ReconcilerError
from reconciler.render.canonical import canonical_json
from reconciler.rules.fields import parse_time, time_text

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:perennial:dvc-training:v1"
BUILDER = "urn:perennial:reconciler:v1"
_MADE_FROM = ("spec", "code", "parameters", "environment")
_RANGE = ("train_from", "train_until", "holdout_from", "holdout_until")


def statement_text(provenance: Provenance) -> str:
    """The statement: canonical JSON, ends with a newline."""
    build = provenance.build
    return canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {
                    "name": build.artifact.path,
                    "digest": {**_sha256(build.artifact.sha256), "md5": build.artifact.md5},
                    "annotations": {"size": build.artifact.size},
                },
                {"name": version_tag(build.model, provenance.version), "digest": _sha256(build.digest)},
            ],
            "predicateType": PREDICATE_TYPE,
            "predicate": {"buildDefinition": _definition(provenance), "runDetails": _run(provenance)},
        }
    )


def _definition(provenance: Provenance) -> dict[str, Any]:
    build, data = provenance.build, provenance.build.data
    counted = {"trainRows": data.train_rows, "holdoutRows": data.holdout_rows}
    annotations = {to_camel(name): time_text(getattr(data, name)) for name in _RANGE} | counted
    parts = [{"name": name, "digest": _sha256(getattr(build.made_from, name))} for name in _MADE_FROM]
    return {
        "buildType": BUILD_TYPE,
        "externalParameters": {
            "model": build.model,
            "dataset": data.dataset,
            "asOf": time_text(data.as_of),
            "seed": provenance.seed,
            "champion": provenance.champion,
        },
        "resolvedDependencies": [
            {"name": "source", "digest": {"gitCommit": provenance.base}},
            {"name": "data", "digest": _sha256(data.digest), "annotations": annotations | _lineage(data)},
            *parts,
        ],
    }


def _lineage(data: DataRange) -> dict[str, str]:
    """What a model that was trained further goes back to."""
    return {"continues": data.lineage.continues, "since": time_text(data.lineage.since)} if data.lineage else {}


def _run(provenance: Provenance) -> dict[str, Any]:
    build = provenance.build
    return {
        "builder": {"id": BUILDER},
        "metadata": {"finishedOn": provenance.finished.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
        "byproducts": [{"name": evidence_path(build.model, build.digest), "digest": _sha256(provenance.evidence)}],
    }


def read_statement(text: str) -> Provenance:
    """What the statement says. Raises ReconcilerError for every text that `statement_text` would not write, byte for byte."""
    try:
        provenance = _provenance(json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ReconcilerError(f"it cannot be understood: {type(error).__name__}: {error}") from error
    if statement_text(provenance) != text:
        raise ReconcilerError("it is not written as Perennial writes it")
    return provenance


def source_of(statement: bytes) -> str:
    """Only the commit that the statement names; empty where there is none. Whether the rest is true is for its proof to say."""
    try:
        return str(json.loads(statement)["predicate"]["buildDefinition"]["resolvedDependencies"][0]["digest"]["gitCommit"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ""


def _provenance(value: Any) -> Provenance:
    """From the places where `statement_text` puts things; what stands elsewhere is noticed because it is not written back."""
    artifact, release = value["subject"]
    definition, run = value["predicate"]["buildDefinition"], value["predicate"]["runDetails"]
    given = definition["externalParameters"]
    source, data, *parts = definition["resolvedDependencies"]
    times = {name: parse_time(data["annotations"][to_camel(name)]) for name in _RANGE}
    return Provenance(
        build=Build(
            model=str(given["model"]),
            artifact=Artifact(
                path=str(artifact["name"]),
                sha256=_digest(artifact),
                md5=str(artifact["digest"]["md5"]),
                size=int(artifact["annotations"]["size"]),
            ),
            data=DataRange(
                dataset=str(given["dataset"]),
                digest=_digest(data),
                as_of=parse_time(given["asOf"]),
                train_rows=int(data["annotations"]["trainRows"]),
                holdout_rows=int(data["annotations"]["holdoutRows"]),
                lineage=_lineage_of(data["annotations"]),
                **times,
            ),
            made_from=Fingerprint(**{name: _digest(part) for name, part in zip(_MADE_FROM, parts, strict=True)}),
        ),
        version=str(release["name"]).rpartition("@v")[2],
        base=Revision(str(source["digest"]["gitCommit"])),
        finished=parse_time(run["metadata"]["finishedOn"]),
        seed=int(given["seed"]),
        champion=str(given["champion"]),
        evidence=_digest(run["byproducts"][0]),
    )


def _lineage_of(annotations: Any) -> Lineage | None:
    if "continues" not in annotations:
        return None
    return Lineage(continues=Digest(annotations["continues"]), since=parse_time(annotations["since"]))


def _sha256(digest: Digest) -> dict[str, str]:
    """in-toto writes the algorithm as the key."""
    return {"sha256": digest.removeprefix("sha256:")}


def _digest(resource: Any) -> Digest:
    return Digest(f"sha256:{resource['digest']['sha256']}")
