import gc

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=15, database=None)  # a busy machine is no failure
settings.register_profile("thorough", deadline=None, max_examples=250)  # make soak: --hypothesis-profile thorough
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Thousands of collected tests live until the end; looking for garbage among them costs a fifth of the time."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what the golden tests expect")
