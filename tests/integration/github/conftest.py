from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges import Forge, a_github


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    with a_github(tmp_path / "repo") as forge:
        yield forge


def asked(forge: Forge) -> list[str]:
    """The requests since the last question, without the repository's path and what comes after `?`."""
    assert forge.server is not None
    lines = [line.split(" ") for line in forge.server.calls]
    forge.server.calls.clear()
    return [f"{method} {path.partition('?')[0].removeprefix('/repos/acme/models')} {status}" for method, path, status in lines]
