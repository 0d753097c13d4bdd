"""The very bytes of every runtime with every router and every strategy that the table allows."""

import pytest

from reconciler.render.environment import load_templates
from reconciler.render.models import render_model
from tests.builders import shipped_templates
from tests.golden.served import CASES

TEMPLATES = load_templates(shipped_templates())


@pytest.mark.parametrize("case", CASES)
def test_a_runtime_is_rendered_as_expected(case, golden):
    golden(f"runtimes/{case}", render_model(TEMPLATES, CASES[case]))
