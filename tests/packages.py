"""Packages for tests, and what is done to them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reconciler.domain.names import run_path
from reconciler.domain.packages import Package, path_of
from reconciler.domain.releases import Artifact, Build, digest_of_bytes
from reconciler.domain.training import Trained, TrainingOrder, TrainingResult
from reconciler.pipeline.build_json import read_build
from tests.loops import QuickTrainer
from tests.s3 import KEYS, S3, keep, s3_server

CONTENT = bytes(range(256)) * 1000


def a_package(content: bytes = CONTENT, model: str = "flight-delay") -> Package:
    """Of these bytes."""
    artifact = Artifact(
        path=f"runs/{model}/model.zip",
        sha256=digest_of_bytes(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        size=len(content),
    )
    return Package(model=model, artifact=artifact)


def a_file(folder: Path, content: bytes = CONTENT) -> Path:
    """With these bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return path


@contextmanager
def s3_for_this_process() -> Iterator[S3]:
    """A server with the bucket `models`, where this process's S3 file systems go."""
    from s3fs import S3FileSystem

    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        server.call("PUT", "models")
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": server.url, "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        S3FileSystem.clear_instance_cache()
        yield server
        for system in list(S3FileSystem._cache.values()):
            S3FileSystem.close_session(system.loop, system._s3)
        S3FileSystem.clear_instance_cache()


def where(root: Path, package: Package) -> Path:
    """The file of a package in a folder."""
    return root / path_of(package)


class PackagingTrainer(QuickTrainer):
    """Leaves in DVC's cache the bytes that the build is of."""

    def _build(self, order: TrainingOrder) -> tuple[Build, str]:
        build, champion = super()._build(order)
        content = build.artifact.sha256.encode()
        artifact = a_package(content, build.model).artifact
        assert keep(self.repository.root, content) == artifact.md5
        return replace(build, artifact=artifact), champion

    def train(self, order: TrainingOrder) -> TrainingResult:
        made = super().train(order)
        assert isinstance(made, Trained)
        artifact = read_build(made.files[run_path(order.model, "candidate.json")]).artifact
        outs = [{"path": artifact.path, "hash": "md5", "md5": artifact.md5, "size": artifact.size}]
        lock = {"schema": "2.0", "stages": {f"package@{order.model}": {"cmd": "true", "outs": outs}}}
        return replace(made, files={**made.files, "dvc.lock": yaml.safe_dump(lock)})
