"""Whether servers can fetch what main names: three answers, and no endless asking of a place that does not answer."""

from dataclasses import replace

import pytest

from reconciler.adapters.fakes.packages import FakePackages
from reconciler.domain.judgements import Answer
from reconciler.domain.releases import Build
from reconciler.observe.packaging import packaging_of
from reconciler.ports import Readers
from reconciler.specs.settings import Settings
from reconciler.specs.specs import Specs
from tests.builders import a_build, specs_of
from tests.cases import each

BUILD = a_build()
KEY = (BUILD.model, BUILD.artifact.sha256)


class Cache:
    """Has everything, or nothing."""

    def __init__(self, *, has: bool) -> None:
        self.has = has

    def find(self, md5: str) -> object:
        return md5 if self.has else None


def published_to(base: str | None) -> Specs:
    return replace(specs_of(), settings=Settings(packages=base))


def asked(
    place: FakePackages | None, *builds: Build, base: str | None = "s3://models/live", cached: bool = True
) -> list[tuple[str, str]]:
    readers = Readers(
        **dict.fromkeys(("clock", "repository", "forge", "data", "artifacts", "memory")), packages=place, cache=Cache(has=cached)
    )  # type: ignore[arg-type]
    found = packaging_of(builds or (BUILD,), published_to(base), readers)
    return [(str(said.answer), said.code) for said in found.values()]


@each(
    ("there", "cached", "expected"),
    [
        ({KEY: b"x" * 1000}, False, ("YES", "packageThere")),
        ({KEY: b"x" * 999}, True, ("NO", "otherPackage")),
        ({}, True, ("NO", "packageNotThere")),
        ({}, False, ("NO", "packageLost")),
    ],
)
def test_what_lies_there_decides(there, cached, expected):
    assert asked(FakePackages(there=there), cached=cached) == [expected]


def test_where_nothing_is_configured_nothing_is_asked():
    place = FakePackages()
    assert asked(place, base=None) == []
    assert place.asked == 0


@pytest.mark.parametrize("place", [None, FakePackages(base="s3://other")])
def test_another_place_than_mains_does_not_count(place):
    assert asked(place) == [("UNKNOWN", "otherPlace")]


def test_a_place_that_is_silent_is_left_alone_soon():
    place = FakePackages(trouble="gone")
    builds = [a_build(str(number)) for number in range(40)]
    assert set(asked(place, *builds)) == {(str(Answer.UNKNOWN), "packagesUnknown")}
    assert place.asked < 20, "those under way together, and three in a row"
