"""Settings come from `[tool.perennial]`, and problems point at the line of the table."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.settings import Settings
from reconciler.specs.toml import find_line, read_settings
from tests.cases import each

TEXT = """\
[tool.ruff]
line-length = 130

[tool.perennial]
argocdNamespace = "argo"
environments.staging.namespace = "stage"

[tool.perennial.environments.production]
"namespace" = "prod"
"""


def test_no_file_and_no_table_are_the_defaults():
    assert read_settings(b"") == read_settings(b"[tool.ruff]\n") == Settings()


def test_settings_are_read():
    settings = read_settings(TEXT.encode())
    assert settings.argocd_namespace == "argo"
    assert {name: one.namespace for name, one in settings.environments.items()} == {"staging": "stage", "production": "prod"}


@each(
    ("path", "place"),
    [
        (("tool", "perennial", "argocdNamespace"), (5, 1)),
        (("tool", "perennial", "forge"), (4, 1)),
        (("tool", "perennial", "environments", "staging", "namespace"), (6, 1)),
        (("tool", "perennial", "environments", "production", "namespace"), (9, 1)),
        (("tool", "perennial", "environments", "production", "cluster"), (8, 1)),
        (("tool", "other"), (1, 1)),
    ],
)
def test_the_line_of_a_key(path, place):
    assert find_line(TEXT, path) == place


@each(
    ("text", "said"),
    [
        ("[tool]\nperennial = 5\n", "pyproject.toml:2:1 tool.perennial: expected a mapping with the keys forge"),
        (
            "[tool.perennial.forge]\ntype = 'gitlab'\n",
            'pyproject.toml:2:1 tool.perennial.forge.type: expected one of local, remote, github, got "gitlab"',
        ),
        ("[tool.perennial.forge]\nrepository = 'owner'\n", "pyproject.toml:2:1 tool.perennial.forge.repository: expected"),
        ("[tool.perennial]\r\nx = 1\r\n", "pyproject.toml:2:1 tool.perennial.x: unknown key (known keys: forge"),
        ("[tool.perennial]\nforge = 'local'\nforge = 'local'\n", "pyproject.toml:3:16 not valid TOML: Cannot overwrite a value"),
        ("[tool.perennial]\nmaxTrainingsPerPass = 0\n", "a whole number of at least 1, got 0"),
        ("[tool.perennial.environments.Prod]\nnamespace = 'x'\n", 'got "Prod"'),
    ],
)
def test_a_bad_table_is_told(text, said):
    with pytest.raises(InvalidSpecsError) as caught:
        read_settings(text.encode())
    assert said in str(caught.value.problems[0])


def test_a_date_is_shown_as_text():
    with pytest.raises(InvalidSpecsError) as caught:
        read_settings(b"[tool.perennial]\nforge = 2013-01-01\n")
    assert 'got "2013-01-01"' in str(caught.value.problems[0])
