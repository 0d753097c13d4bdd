import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=50)  # a busy machine is no failure
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what the golden tests expect")
