"""Release files that cannot be believed are left out, each with its first problem; what is wrong elsewhere is raised."""

import pytest

from reconciler.audit.tolerant import load_tolerant
from reconciler.errors import InvalidSpecsError
from reconciler.render.release import release_yaml
from tests.builders import a_fingerprint, a_release
from tests.cases import each
from tests.loops import team_files

STAGING, PRODUCTION = (f"models/flight-delay/releases/{name}.yaml" for name in ("staging", "production"))
GOOD = release_yaml(a_release(environment="staging")).encode()
FILES = team_files("flight-delay") | {STAGING: GOOD}
WRONG = {
    "no UTF-8": b"\xff",
    "no YAML": b"a: [",
    "of another kind": b"kind: Model\n",
    "cut short": release_yaml(a_release()).encode()[:-70],
    "a place of another": GOOD,
    "a part altered": release_yaml(a_release())
    .replace(a_fingerprint().code[:20], a_fingerprint(code="other").code[:20])
    .encode(),
}


@each("content", WRONG.values())
def test_one_that_is_wrong_is_left_out_with_its_place_and_the_others_stay(content: bytes) -> None:
    specs, broken = load_tolerant(FILES | {PRODUCTION: content})
    assert list(specs.releases["flight-delay"]) == ["staging"]
    assert list(broken) == [PRODUCTION]
    assert broken[PRODUCTION].file == PRODUCTION


def test_when_all_are_right_nothing_is_left_out() -> None:
    specs, broken = load_tolerant(FILES)
    assert (list(specs.releases["flight-delay"]), broken) == (["staging"], {})


def test_what_is_wrong_elsewhere_is_raised_with_every_problem() -> None:
    with pytest.raises(InvalidSpecsError) as caught:
        load_tolerant(FILES | {PRODUCTION: b"a: [", "models/flight-delay/model.yaml": b"kind: Model\n"})
    assert {problem.file for problem in caught.value.problems} >= {"models/flight-delay/model.yaml"}
