"""Whether a release file, its gate report and its statement say the same. Pure.

A release that they do not agree on is neither published nor promoted further. The signature is the observer's to check.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.names import evidence_path, provenance_path, short
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Release, digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.render.canonical import canonical_json
from reconciler.render.provenance import read_statement

EVIDENCE, STATEMENT = "evidence", "statement"
"""Names of the links."""


def judge_evidence(release: Release, files: Mapping[str, bytes]) -> Judgement:
    """The gate report is there, and about this very build. `files` are main's, by path."""
    path = evidence_path(release.build.model, release.digest)
    if path not in files:
        return no(EVIDENCE, "noEvidence", f"there is no {path}", remedy=f"git log -- {path}")
    try:
        report = json.loads(files[path])
        found = {key: report[key] for key in ("model", "digest", "artifact", "data", "madeFrom")}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return no(EVIDENCE, "unreadable", f"{path} is no gate report: {error}", remedy=f"git log -p -- {path}")
    for key, value in _expected(release).items():
        if found[key] != value:
            said = f"{path} says {key} {_shown(found[key], value)}, the release file {_shown(value, found[key])}"
            return no(EVIDENCE, "otherBuild", said, remedy=f"git log -p -- {path}")
    return yes(EVIDENCE, "agrees", "the gate report is about this very build")


def _expected(release: Release) -> dict[str, Any]:
    build = release.build
    value = {"model": build.model, "digest": build.digest, "artifact": build.artifact}
    expected: dict[str, Any] = json.loads(canonical_json({**value, "data": build.data, "madeFrom": build.made_from}))
    return expected


def _shown(value: Any, other: Any) -> str:
    """Of an object only what differs from the other."""
    if isinstance(value, dict) and isinstance(other, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items() if other.get(key) != part)
    return str(value)


def judge_statement(release: Release, files: Mapping[str, bytes]) -> Judgement:
    """The statement is there, as Perennial writes it, about this build and version and about the gate report as it is."""
    path = provenance_path(release.build.model, release.digest)
    if path not in files:
        return no(STATEMENT, "noStatement", f"there is no {path}", remedy=f"git log -- {path}")
    try:
        said = read_statement(files[path].decode())
    except (UnicodeDecodeError, ReconcilerError) as error:
        why = error.message if isinstance(error, ReconcilerError) else "it is not UTF-8"
        return no(STATEMENT, "unreadable", f"{path}: {why}", remedy=f"git log -p -- {path}")
    if wrong := _disagreement(said, release, files):
        return no(STATEMENT, "saysOtherwise", f"{path} says {wrong}", remedy=f"git log -p -- {path}")
    return yes(STATEMENT, "agrees", "says the same as the release file, and names the gate report by its SHA-256")


def _disagreement(said: Provenance, release: Release, files: Mapping[str, bytes]) -> str:
    """The first thing that the statement says otherwise; empty when there is none."""
    build = release.build
    for field in fields(build):
        there, here = getattr(said.build, field.name), getattr(build, field.name)
        if there != here:
            return f"another {field.name} than the release file: {_difference(there, here)}"
    if said.version != release.version:
        return f"version {said.version}, the release file {release.version}"
    report = files.get(evidence_path(build.model, release.digest))
    if report is not None and (found := digest_of_bytes(report)) != said.evidence:
        return f"that the gate report's SHA-256 is {short(said.evidence)}, but it is {short(found)}"
    return ""


def _difference(there: Any, here: Any) -> str:
    if isinstance(there, str):
        return f"{there}, not {here}"
    names = [field.name for field in fields(there) if getattr(there, field.name) != getattr(here, field.name)]
    return ", ".join(f"{name} {getattr(there, name)}, not {getattr(here, name)}" for name in names)
