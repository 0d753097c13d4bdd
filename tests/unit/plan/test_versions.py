"""Versions go up by one minor, and one digest has one version."""

from reconciler.plan.versions import next_version
from tests.builders import a_release, a_revision, facts

OTHER = a_release("other").digest


def test_the_first_version() -> None:
    assert next_version(facts(releases={}), OTHER) == "1.0.0"


def test_one_minor_above_the_highest_that_ever_was() -> None:
    tags = {f"flight-delay@v{version}": a_revision() for version in ("1.0.0", "1.9.0", "1.10.0")}
    assert next_version(facts(tags=tags), OTHER) == "1.11.0"


def test_a_digest_keeps_its_version_from_environment_to_environment() -> None:
    staged = a_release("staged", environment="staging", version="1.4.0")
    assert next_version(facts(releases={"staging": staged}), staged.digest) == "1.4.0"


def test_tags_of_other_shapes_are_no_versions() -> None:
    assert next_version(facts(releases={}, tags={"flight-delay#production#3": a_revision()}), OTHER) == "1.0.0"
