import gc

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=5, database=None)  # a busy machine is no failure
settings.register_profile("thorough", deadline=None, max_examples=250)  # make soak: --hypothesis-profile thorough
settings.load_profile("unhurried")


gc.disable()  # until all tests are collected: thousands of them, and all live until the end


def pytest_collection_finish() -> None:
    """Looking for garbage among the collected tests, or often, would cost a fifth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what the golden tests expect")
