"""The ports Packages and PackagesWriter: immutable, whole or not at all, and checked whenever bytes are read."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.adapters.fakes.packages import FakePackages
from reconciler.adapters.packages import FsspecPackages
from reconciler.adapters.packages.oci import OciPackages
from reconciler.domain.packages import Package, path_of
from reconciler.errors import ObserveError, PermanentActError
from tests.packages import CONTENT, a_file, a_package, s3_for_this_process
from tests.registry import Registry, a_registry, the_real_registry
from tests.s3 import S3

Place = FsspecPackages | OciPackages | FakePackages


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_for_this_process() as server:
        yield server


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    with a_registry() as server:
        yield server


@pytest.fixture(scope="module")
def real_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with the_real_registry(tmp_path_factory.mktemp("registry")) as base:
        yield base


@pytest.fixture
def overwrite(request: pytest.FixtureRequest) -> Callable[[Place, Package, bytes], None]:
    """What somebody does with other means than ours."""

    def do(place: Place, package: Package, content: bytes) -> None:
        match place:
            case FsspecPackages():
                path = place._place.path(path_of(package))
                if place._place.is_local:
                    Path(path).unlink()
                place._place.system.pipe_file(path, content)
            case OciPackages() if "real" not in request.node.callspec.id:
                name = f"{place.base.partition('/models/')[2]}/{package.model}"
                request.getfixturevalue("registry").blobs[f"models/{name}", package.artifact.sha256] = content
            case _:
                pytest.skip("nothing gets into it but through it")

    return do


PLACES: dict[str, Callable[[Path, pytest.FixtureRequest], Place]] = {
    "fake": lambda *_: FakePackages(),
    "path": lambda folder, _: FsspecPackages(str(folder / "new" / "models")),
    "file url": lambda folder, _: FsspecPackages(f"file://{folder}/models/"),
    "memory": lambda *_: FsspecPackages(f"memory://{uuid.uuid4().hex}/models"),
    "oci": lambda _, request: OciPackages(f"{request.getfixturevalue('registry').base}/{uuid.uuid4().hex}", {}),
    "real oci": lambda _, request: OciPackages(f"{request.getfixturevalue('real_registry')}/{uuid.uuid4().hex}", {}),
    "s3": lambda _, request: request.getfixturevalue("s3") and FsspecPackages(f"s3://models/{uuid.uuid4().hex}"),
}


@pytest.fixture(params=PLACES.values(), ids=PLACES.keys())
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Place = request.param(tmp_path, request)
    return made


def test_what_is_published_is_found_and_fetched(place: Place, tmp_path: Path) -> None:
    package = a_package()
    assert place.find(package) is None
    assert place.publish(package, a_file(tmp_path))
    assert place.find(package) == len(CONTENT)
    place.fetch(package, tmp_path / "pod" / "model")
    assert (tmp_path / "pod" / "model").read_bytes() == CONTENT


def test_the_same_again_changes_nothing(place: Place, tmp_path: Path) -> None:
    package = a_package()
    assert [place.publish(package, a_file(tmp_path)) for _ in range(3)] == [True, False, False]
    assert place.kept("flight-delay") == (package.artifact.sha256,)


def test_models_and_digests_are_apart(place: Place, tmp_path: Path) -> None:
    packages = [a_package(content, model) for model in ("alpha", "beta") for content in (b"1", b"2")]
    for package, content in zip(packages, (b"1", b"2") * 2, strict=True):
        place.publish(package, a_file(tmp_path, content))
    assert place.kept("alpha") == tuple(sorted(one.artifact.sha256 for one in packages[:2]))
    assert place.kept("gamma") == ()
    place.remove("alpha", packages[0].artifact.sha256)
    assert [place.find(one) for one in packages] == [None, 1, 1, 1]
    place.remove("alpha", packages[0].artifact.sha256)


def test_what_is_not_there_cannot_be_fetched(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ObserveError, match="there is no "):
        place.fetch(a_package(), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_other_content_is_refused_with_both_digests(place: Place, tmp_path: Path, overwrite) -> None:
    package, other = a_package(b"released"), a_package(b"replaced")
    place.publish(package, a_file(tmp_path, b"released"))
    overwrite(place, package, b"replaced")
    with pytest.raises(PermanentActError, match="what is published never changes") as caught:
        place.publish(package, a_file(tmp_path, b"released"))
    assert package.artifact.sha256 in caught.value.message
    assert other.artifact.sha256 in caught.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"released"[:-1], "it should have 8 bytes and has 7"),
        (b"released" + b"!", "it should have 8 bytes and has 9 or more"),
        (b"Released", "its SHA-256 should be sha256:"),
        (b"", "it should have 8 bytes and has 0"),
    ],
    ids=["truncated", "longer", "flipped", "empty"],
)
def test_damaged_bytes_are_never_handed_out(place: Place, tmp_path: Path, overwrite, content: bytes, said: str) -> None:
    package = a_package(b"released")
    place.publish(package, a_file(tmp_path, b"released"))
    overwrite(place, package, content)
    pod = tmp_path / "pod"
    with pytest.raises(ObserveError, match="is not what was released") as caught:
        place.fetch(package, pod / "model")
    assert said in caught.value.message
    assert list(pod.iterdir()) == []


def test_what_is_removed_is_seen_to_be_gone_and_may_come_back(place: Place, tmp_path: Path) -> None:
    package, file = a_package(), a_file(tmp_path)
    for _ in range(2):
        assert place.publish(package, file)
        assert place.find(package) == len(CONTENT)
        place.remove(package.model, package.artifact.sha256)
        assert (place.find(package), place.kept(package.model)) == (None, ())
