"""`[tool.perennial.clusters]`: one access for all environments, or one for each; a key that would do nothing is refused."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.settings import Settings
from reconciler.specs.toml import read_settings
from tests.cases import each


def settings(text: str) -> Settings:
    return read_settings(f"[tool.perennial.clusters]\n{text}".encode())


def test_nobody_is_asked_where_nothing_is_written() -> None:
    assert Settings().clusters.access("production").type == "none"


def test_an_environment_has_its_own_access_whole_or_follows_all_others() -> None:
    found = settings(
        'type = "argocd"\nurl = "https://argocd.example.com"\ntimeout = 5\n'
        '[tool.perennial.clusters.environments.staging]\ntype = "kubernetes"\ncontext = "kind"\n'
        '[tool.perennial.clusters.environments.lab]\ntype = "none"\n'
    ).clusters

    assert (found.access("production").url, found.access("production").timeout) == ("https://argocd.example.com", 5)
    staging = found.access("staging")
    assert (staging.type, staging.context, staging.url, staging.timeout) == ("kubernetes", "kind", None, 10)
    assert found.access("lab").type == "none"


@each(
    ("text", "said"),
    [
        ('type = "argocd"\ncontext = "kind"', 'context is of type = "kubernetes", but the type is "argocd"'),
        ('type = "kubernetes"\ntokenFrom = "X"', 'tokenFrom is of type = "argocd", but the type is "kubernetes"'),
        ('url = "https://a.example.com"', 'url is of type = "argocd", but the type is "none"'),
        ('type = "argocd"\nurl = "http://argocd.example.com"', "https:// is needed, because a token is sent"),
        ('type = "argocd"\nurl = "http://127.0.0.1.example.com"', "https:// is needed, because a token is sent"),
        ('type = "argocd"\nurl = "https://me:secret@a.example.com"', "url"),
        ('type = "argocd"\ntoken = "secret"', "token"),
        ('type = "argocd"\ntimeout = 0', "timeout"),
        ('type = "argo"', "type"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidSpecsError) as caught:
        settings(text)

    (problem,) = caught.value.problems
    assert said in str(problem)
    assert problem.file == "pyproject.toml"


def test_only_this_machine_is_asked_without_tls() -> None:
    for host in ("127.0.0.1:8080", "localhost", "localhost/argocd"):
        assert settings(f'type = "argocd"\nurl = "http://{host}"').clusters.access("x").url == f"http://{host}"
