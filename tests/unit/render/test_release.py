import yaml

from reconciler.render.release import SCHEMA_COMMENT, release_yaml
from tests.builders import a_release


def test_the_file_starts_with_the_schema_and_is_in_the_order_of_the_schema():
    text = release_yaml(a_release())
    assert text.startswith(SCHEMA_COMMENT + "apiVersion: perennial/v1\nkind: Release\nmetadata:\n  name: production\nspec:\n")


def test_the_digest_is_that_of_the_build():
    release = a_release()
    assert yaml.safe_load(release_yaml(release))["spec"]["digest"] == release.digest
