"""Who one is for a container registry: told to that registry alone, found where people keep it, and never shown."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.adapters.packages.oci import OciPackages
from reconciler.domain.packages import address_of
from reconciler.errors import ObserveError, PermanentActError
from tests.packages import CONTENT, a_file, a_package
from tests.registry import LOGIN, PASSWORD, TOKEN, USERNAME, Registry, a_registry

PACKAGE = a_package()


@pytest.fixture
def registry() -> Iterator[Registry]:
    with a_registry() as server:
        yield server


def docker_config(folder: Path, **content: object) -> dict[str, str]:
    """The environment with this configuration of Docker."""
    (folder / "config.json").write_text(json.dumps(content))
    return {"DOCKER_CONFIG": str(folder)}


@pytest.mark.parametrize("lets_in", ["basic", "bearer"])
def test_by_the_environment(registry: Registry, tmp_path: Path, lets_in: str) -> None:
    registry.lets_in = lets_in
    place = OciPackages(registry.base, LOGIN)
    assert place.publish(PACKAGE, a_file(tmp_path))
    place.fetch(PACKAGE, tmp_path / "model")
    assert sum(not said for _, _, said in registry.seen) == 1, "after the first answer it says at once who it is"


def test_by_docker_s_configuration(registry: Registry, tmp_path: Path) -> None:
    registry.lets_in = "basic"
    written = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    environment = docker_config(tmp_path, auths={registry.host: {"auth": written}, "elsewhere": {"auth": "x"}})
    assert OciPackages(registry.base, environment).publish(PACKAGE, a_file(tmp_path))


@pytest.mark.parametrize("setting", ["credHelpers", "credsStore"])
def test_by_a_helper_of_docker(registry: Registry, tmp_path: Path, setting: str) -> None:
    registry.lets_in = "bearer"
    helper = tmp_path / "docker-credential-tests"
    said = json.dumps({"Username": USERNAME, "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\nread -r host\n[ \"$host\" = {registry.host} ] && echo '{said}'\n")
    helper.chmod(0o755)
    wanted = {registry.host: "tests"} if setting == "credHelpers" else "tests"
    environment = {**docker_config(tmp_path, **{setting: wanted}), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert OciPackages(registry.base, environment).publish(PACKAGE, a_file(tmp_path))


@pytest.mark.parametrize("lets_in", ["basic", "bearer"])
@pytest.mark.parametrize("environment", [{}, {**LOGIN, "PERENNIAL_REGISTRY_PASSWORD": "not the secret"}], ids=["nobody", "wrong"])
def test_who_is_not_let_in_is_told_what_to_do(
    registry: Registry, tmp_path: Path, lets_in: str, environment: dict[str, str]
) -> None:
    registry.lets_in = lets_in
    place = OciPackages(registry.base, environment)
    with pytest.raises(ObserveError, match=r"HTTP 401|no token from") as caught:
        place.find(PACKAGE)
    assert caught.value.help.startswith("docker login")
    assert "not the secret" not in caught.value.message
    assert registry.blobs == {}


def test_a_configuration_that_is_broken_is_not_shown(registry: Registry, tmp_path: Path) -> None:
    registry.lets_in = "basic"
    (tmp_path / "config.json").write_text('{"auths": {"x": "c2VjcmV0"')
    with pytest.raises(ObserveError, match=r"config\.json of Docker cannot be read: JSONDecodeError") as caught:
        OciPackages(registry.base, {"DOCKER_CONFIG": str(tmp_path)}).find(PACKAGE)
    assert "c2VjcmV0" not in caught.value.message


def test_a_password_is_sent_neither_in_the_clear_nor_to_others(registry: Registry, tmp_path: Path) -> None:
    registry.lets_in = "bearer"
    registry.realm = "http://registry.invalid/token"
    with pytest.raises(ObserveError, match=r"it wants the password sent to http://registry.invalid/token in the clear"):
        OciPackages(registry.base, LOGIN).find(PACKAGE)
    registry.realm = ""
    with a_registry() as other:
        registry.uploads_at = f"http://{other.host}"
        with pytest.raises(PermanentActError, match="HTTP 400 Bad Request: DIGEST_INVALID"):
            OciPackages(registry.base, LOGIN).publish(PACKAGE, a_file(tmp_path))
        assert [said for _, _, said in other.seen] == [""]
    assert any(TOKEN in said for _, _, said in registry.seen)


def test_blobs_that_lie_elsewhere_are_fetched_from_there_without_a_password(registry: Registry, tmp_path: Path) -> None:
    registry.lets_in = "basic"
    place = OciPackages(registry.base, LOGIN)
    place.publish(PACKAGE, a_file(tmp_path))
    with a_registry() as storage:
        storage.blobs = registry.blobs
        registry.blobs_at = f"http://{storage.host}"
        assert OciPackages(registry.base, LOGIN).find(PACKAGE) == len(CONTENT)
        place.fetch(PACKAGE, tmp_path / "model")
        assert {said for _, _, said in storage.seen} == {""}
    assert (tmp_path / "model").read_bytes() == CONTENT


def test_a_pod_fetches_by_the_keys_of_its_secret(registry: Registry, tmp_path: Path) -> None:
    registry.lets_in = "bearer"
    OciPackages(registry.base, LOGIN).publish(PACKAGE, a_file(tmp_path))
    artifact, mounted = PACKAGE.artifact, tmp_path / "release"
    reference = {
        "package": address_of(registry.base, PACKAGE),
        "model": PACKAGE.model,
        "artifactSha256": artifact.sha256,
        "artifactSize": str(artifact.size),
        "artifactPath": artifact.path,
        "artifactMd5": artifact.md5,
    }
    mounted.mkdir()
    for key, text in reference.items():
        (mounted / key).write_text(text)
    command = [sys.executable, "-m", "reconciler", "packages", "fetch", str(mounted), str(tmp_path / "models")]
    without = {name: value for name, value in os.environ.items() if not name.startswith("PERENNIAL_")}  # noqa: TID251
    told = [
        subprocess.run(command, env={**without, **more}, cwd=tmp_path, capture_output=True, text=True, check=False)
        for more in ({}, LOGIN)
    ]
    assert [one.returncode for one in told] == [4, 0], told[1].stderr
    assert "HTTP 401" in told[0].stderr or "no token from" in told[0].stderr
    assert (tmp_path / "models/model.perennial").read_bytes() == CONTENT
    assert PASSWORD not in "".join(one.stdout + one.stderr for one in told)
