"""Publishing while things break: killed, cut off, out of room, two at once. What can be seen is whole, or is not there."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.packages import FsspecPackages
from reconciler.adapters.packages.oci import OciPackages
from reconciler.adapters.stores import places
from reconciler.errors import ObserveError, PermanentActError, TransientActError
from tests.packages import CONTENT, a_file, a_package, s3_for_this_process, where
from tests.registry import Registry, a_registry
from tests.s3 import KEYS, S3
from tests.unprivileged import as_nobody, files_of_at_most

PACKAGE = a_package()
Place = FsspecPackages | OciPackages


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_for_this_process() as server:
        yield server


@pytest.fixture
def registry() -> Iterator[Registry]:
    with a_registry() as server:
        yield server


def debris(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def killed_at(event: str, number: int, publish: Callable[[], Any]) -> bool:
    """Publish in a process of its own, which is killed (`kill -9`) at the event of that number; whether it was."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    seen = 0

    def hook(name: str, _: object) -> None:
        nonlocal seen
        if name == event:
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    try:
        publish()
    finally:
        os._exit(0)


def test_killed_before_the_file_gets_its_name(tmp_path: Path) -> None:
    file, place = a_file(tmp_path), FsspecPackages(str(tmp_path / "models"))
    assert killed_at("os.link", 1, lambda: place.publish(PACKAGE, file))
    assert place.find(PACKAGE) is None
    assert place.kept("flight-delay") == (PACKAGE.artifact.sha256,), "what was begun can be cleared away"
    assert place.publish(PACKAGE, file)
    assert where(tmp_path / "models", PACKAGE).read_bytes() == CONTENT


def test_killed_at_any_request_to_a_registry(registry: Registry, tmp_path: Path) -> None:
    file, number = a_file(tmp_path), 0
    while killed_at("http.client.send", number := number + 1, lambda: OciPackages(registry.base, {}).publish(PACKAGE, file)):
        found = OciPackages(registry.base, {}).find(PACKAGE)
        assert found in (None, len(CONTENT)), number
    assert number > 10
    place = OciPackages(registry.base, {})
    assert not place.publish(PACKAGE, file)
    place.fetch(PACKAGE, tmp_path / "model")
    assert (tmp_path / "model").read_bytes() == CONTENT


PUBLISHING = """
import sys
from pathlib import Path
from reconciler.adapters.packages import FsspecPackages
from tests.packages import a_package
content = Path(sys.argv[1]).read_bytes()
place, package = FsspecPackages(sys.argv[2]), a_package(content)
place.find(package)
print("begins", flush=True)
place.publish(package, Path(sys.argv[1]))
print("ends", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.8])
def test_killed_while_it_goes_to_s3(s3: S3, tmp_path: Path, delay: float) -> None:
    content = os.urandom(120 * 2**20)
    file, package, address = a_file(tmp_path, content), a_package(content), f"s3://models/killed-{delay}"
    command = [sys.executable, "-c", PUBLISHING, str(file), address]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begins\n"
        time.sleep(delay)
        process.kill()
    place = FsspecPackages(address)
    assert place.find(package) in (None, len(content)), "whole, or not there"
    place.publish(package, file)
    place.fetch(package, tmp_path / "model")
    assert (tmp_path / "model").read_bytes() == content


@pytest.mark.parametrize("kind", ["folder", "s3", "oci"])
def test_many_at_once_publish_one_package(kind: str, s3: S3, registry: Registry, tmp_path: Path) -> None:
    places: dict[str, Callable[[], Place]] = {
        "folder": lambda: FsspecPackages(str(tmp_path / "models")),
        "s3": lambda: FsspecPackages("s3://models/at-once"),
        "oci": lambda: OciPackages(registry.base, {}),
    }
    file = a_file(tmp_path)
    with ThreadPoolExecutor(6) as pool:
        brought = list(pool.map(lambda _: places[kind]().publish(PACKAGE, file), range(6)))
    assert any(brought)
    assert kind == "oci" or sum(brought) == 1, "where the place can tell, only one has brought it"
    places[kind]().fetch(PACKAGE, tmp_path / "model")
    assert (tmp_path / "model").read_bytes() == CONTENT
    if kind == "folder":
        assert debris(tmp_path / "models") == ["model.perennial"]


@pytest.mark.parametrize("lost", ["PUT manifests", "PUT uploads", "POST uploads"])
def test_an_answer_that_is_lost(registry: Registry, tmp_path: Path, lost: str) -> None:
    place, file = OciPackages(registry.base, {}), a_file(tmp_path)
    registry.deaf.append(lost)
    if lost == "PUT manifests":
        assert place.publish(PACKAGE, file), "it is there, whoever was told"
    else:
        with pytest.raises(TransientActError, match="did not take the package"):
            place.publish(PACKAGE, file)
        assert place.find(PACKAGE) is None
        assert place.publish(PACKAGE, file)
    assert registry.deaf == []


def test_a_registry_that_is_out_of_order_may_be_tried_again(registry: Registry, tmp_path: Path) -> None:
    place, file = OciPackages(registry.base, {}), a_file(tmp_path)
    registry.broken = 503
    with pytest.raises(ObserveError, match="does not tell what it has: HTTP 503 Service Unavailable"):
        place.find(PACKAGE)
    with pytest.raises(ObserveError, match="HTTP 503 Service Unavailable: UNAVAILABLE out of order"):
        place.fetch(PACKAGE, tmp_path / "model")
    with pytest.raises(TransientActError):
        place.publish(PACKAGE, file)
    registry.broken = 0
    assert place.publish(PACKAGE, file)


def test_a_tag_that_names_something_else_is_left_alone(registry: Registry, tmp_path: Path) -> None:
    place, file = OciPackages(registry.base, {}), a_file(tmp_path)
    name, tag = "models/flight-delay", f"sha256-{PACKAGE.hex}"
    registry.manifests[name, tag] = b"{}"
    with pytest.raises(PermanentActError, match=r"is sha256:44136fa\w+, should be sha256:\w+, and what is published never"):
        place.publish(PACKAGE, file)
    assert registry.manifests == {(name, tag): b"{}"}


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    place = OciPackages(f"oci://{host}/models", {})
    with pytest.raises(ObserveError, match="does not tell what it has"):
        place.find(PACKAGE)
    with pytest.raises(TransientActError):
        place.publish(PACKAGE, a_file(tmp_path))
    with pytest.raises(ObserveError):
        place.fetch(PACKAGE, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_server_that_is_silent_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(20)
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}.items():
            monkeypatch.setenv(name, value)
        usual = places._S3["config_kwargs"]
        assert usual["connect_timeout"] + usual["read_timeout"] * 2 < 120
        monkeypatch.setitem(usual, "read_timeout", 0.3)
        began = time.monotonic()
        with pytest.raises(ObserveError, match="s3://models/silent does not tell what it has: Read timeout"):
            FsspecPackages("s3://models/silent").find(PACKAGE)
        assert time.monotonic() - began < 10, "two questions, not ten"


def test_no_room_for_the_file(tmp_path: Path) -> None:
    file, place = a_file(tmp_path), FsspecPackages(str(tmp_path / "models"))
    with files_of_at_most(len(CONTENT) // 2):
        with pytest.raises(TransientActError, match=r"cannot write .*: File too large"):
            place.publish(PACKAGE, file)
        assert debris(tmp_path / "models") == []
    assert place.publish(PACKAGE, file)
    with files_of_at_most(len(CONTENT) // 2), pytest.raises(ObserveError, match=r"cannot write"):
        place.fetch(PACKAGE, tmp_path / "pod" / "model")
    assert debris(tmp_path / "pod") == []


def test_no_right_to_write(tmp_path: Path) -> None:
    file = a_file(tmp_path / "from")
    with as_nobody() as folder:
        (folder / "models").mkdir(mode=0o555)
        with pytest.raises(TransientActError, match=r"cannot write .*: Permission denied"):
            FsspecPackages(str(folder / "models")).publish(PACKAGE, file)


def test_a_bucket_that_is_missing_takes_nothing(s3: S3, tmp_path: Path) -> None:
    place = FsspecPackages("s3://nowhere/models")
    with pytest.raises(PermanentActError, match="s3://nowhere/models did not take the package"):
        place.publish(PACKAGE, a_file(tmp_path))


def test_who_is_not_let_in_cannot_tell(s3: S3) -> None:
    with s3.strict(), pytest.raises(ObserveError, match="s3://models/x does not tell what it has"):
        FsspecPackages("s3://models/x").find(PACKAGE)
