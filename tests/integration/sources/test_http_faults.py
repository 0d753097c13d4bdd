"""A file source over HTTP when the network or the server fails: one error, with the address and no password."""

import gzip
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError
from tests.builders import NOW

ROWS = b"t,a\n2013-01-01,1\n2013-01-02,2\n"


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"t": [NOW], "a": [1]}).write_parquet(buffer)
    return buffer.getvalue()


class Faulty(BaseHTTPRequestHandler):
    """Answers every request by the first part of its path: whole, 500, cut, slow, or a page of something else."""

    bodies: ClassVar[dict[str, bytes]] = {"csv": ROWS, "parquet": parquet(), "gz": gzip.compress(ROWS), "html": b"<html>\n"}

    def do_HEAD(self) -> None:
        self.answer(whole=False)

    def do_GET(self) -> None:
        self.answer(whole=True)

    def answer(self, *, whole: bool) -> None:
        fault, name = self.path.strip("/").split("/")[:2]
        body = self.bodies[name.rsplit(".", 1)[1]]
        if fault == "broken" and whole:
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if whole:
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    pytest.importorskip("aiohttp", reason="fsspec reads HTTP with aiohttp, which is not installed")
    with ThreadingHTTPServer(("127.0.0.1", 0), Faulty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def read(url: str, form: FileFormat = FileFormat.CSV) -> pl.DataFrame:
    source = FileSource(path=url, format=form)
    return SourceData([]).read(RowQuery(source=source, time_column="t", columns=("a",), start=None, end=None))


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.parquet"])
def test_a_whole_answer_is_read(address: str, name: str) -> None:
    form = FileFormat.PARQUET if name.endswith("parquet") else FileFormat.CSV

    assert read(f"http://{address}/whole/{name}", form)["a"][0] == 1


@pytest.mark.parametrize("fault", ["broken", "cut"], ids=["the server fails", "the connection ends half-way"])
@pytest.mark.parametrize("form", list(FileFormat))
def test_an_answer_that_does_not_come_whole_is_an_error(address: str, fault: str, form: FileFormat) -> None:
    with pytest.raises(
        ObserveError, match=rf"(cannot read|cannot reach|there is no file at) http://\*\*\*@{address}/{fault}/x\.{form}"
    ) as caught:
        read(f"http://ann:hunter22@{address}/{fault}/x.{form}", form)

    assert "hunter22" not in caught.value.message


@pytest.mark.parametrize("form", list(FileFormat))
def test_nobody_listening_is_an_error(form: FileFormat) -> None:
    with pytest.raises(ObserveError, match=r"http://\*\*\*@127\.0\.0\.1:1/x"):
        read(f"http://ann:hunter22@127.0.0.1:1/x.{form}", form)


def test_a_page_instead_of_a_table_is_refused(address: str) -> None:
    with pytest.raises(ObserveError, match="has no column t"):
        read(f"http://{address}/whole/page.html")
    with pytest.raises(ObserveError, match="as Parquet"):
        read(f"http://{address}/whole/page.html", FileFormat.PARQUET)


@pytest.mark.parametrize("url", ["http://", "http:///x.csv", "s3x://bucket/x.csv", "http://[::1/x.csv", "file://"])
def test_an_address_that_is_none_is_an_error(url: str) -> None:
    with pytest.raises(ObserveError):
        read(url)
