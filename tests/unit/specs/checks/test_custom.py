"""Checks of one's own have a function that there is, and a name of their own."""

import pytest

from reconciler.specs.load import load_specs
from tests.specs import a_repository, problems

CHECKS = "policies/gates/checks.py"


def with_checks(*gates: str) -> dict[str, bytes]:
    """The repository with these gates `custom` too, and one function for them."""
    files = a_repository(**{CHECKS: "def judge(given): ...\n"})
    path = "policies/gates/strict.yaml"
    return files | {path: files[path] + "".join(f"    - {{type: custom, {gate}}}\n" for gate in gates).encode()}


def test_checks_that_are_well():
    load_specs(with_checks("name: one, function: 'policies.gates.checks:judge'", "name: two, command: [sh, x.sh]"))


@pytest.mark.parametrize(
    ("gate", "fragment"),
    [
        ("name: one, function: 'policies.gates.chekcs:judge'", "there is no file policies/gates/chekcs.py"),
        ("name: one, function: 'policies.gates.checks:juge'", 'checks.py has no function juge (did you mean "judge"?)'),
        ("name: one, function: 'checks.smoke:judge'", "checks/smoke.py is not under models/ or policies/gates/"),
    ],
)
def test_the_function_of_a_check_is_there(gate, fragment):
    (said,) = problems(with_checks(gate))
    assert fragment in said, said


def test_checks_of_one_policy_have_different_names():
    (said,) = problems(with_checks("name: one, command: [sh]", "name: one, command: [bash]"))
    assert 'the check "one" stands twice, first as number ' in said
