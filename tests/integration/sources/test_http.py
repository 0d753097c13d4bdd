"""A file source over HTTP, from a real server on loopback."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("aiohttp", reason="fsspec reads HTTP with aiohttp, which is not installed")
    (tmp_path / "rows.csv").write_text("t,a\n2013-01-01,1\n2013-01-02,2\n")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def asked(path: str) -> RowQuery:
    source = FileSource(path=path, format=FileFormat.CSV)
    return RowQuery(source=source, time_column="t", columns=("a",), start=None, end=None)


def test_rows_come_over_http(address: str) -> None:
    assert SourceData([]).read(asked(f"{address}/rows.csv"))["a"].to_list() == [1, 2]


def test_a_page_that_is_not_there_is_an_error_of_observing(address: str) -> None:
    with pytest.raises(ObserveError, match=r"no file at http://127\.0\.0\.1:\d+/gone\.csv"):
        SourceData([]).read(asked(f"{address}/gone.csv"))
