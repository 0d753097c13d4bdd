"""Functions are looked for in files that are read, and never run."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.specs import a_repository


def test_a_sources_file_is_read_and_never_run():
    loud = a_repository(**{"datasets/flights.py": "raise SystemExit(1)\nflights = print\n"})
    assert load_specs(loud).datasets
    broken = a_repository(**{"datasets/flights.py": "def flights(:\n"})
    with pytest.raises(InvalidSpecsError, match="1 problem"):
        load_specs(broken)
