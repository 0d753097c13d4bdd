"""A real Prometheus on a free port of loopback, with the samples of a test, or with targets that it scrapes."""

import math
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

Series = tuple[str, Sequence[tuple[datetime, float]]]
"""What names the series, such as `up{job="a"}`, and its samples, oldest first."""


@contextmanager
def prometheus(folder: Path, series: Sequence[Series] = (), targets: Sequence[str] = ()) -> Iterator[str]:
    """The server's address. Skips the test where the programs are not installed."""
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        pytest.skip("no prometheus and promtool on the PATH: apt-get install prometheus")
    folder.mkdir()
    if series:
        lines = [f"{name} {text(value)} {at.timestamp():.3f}" for name, samples in series for at, value in samples]
        (folder / "samples").write_text("\n".join([*lines, "# EOF\n"]))
        make = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet", "samples", "data"]
        subprocess.run(make, cwd=folder, check=True, capture_output=True)
    jobs = f"[{{job_name: tests, static_configs: [{{targets: {list(targets)}}}]}}]" if targets else "[]"
    (folder / "prometheus.yml").write_text(f"global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}\nscrape_configs: {jobs}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ["--storage.tsdb.path=data", "--storage.tsdb.retention.time=100y", f"--web.listen-address={address}"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(["prometheus", "--config.file=prometheus.yml", *options], cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"http://{address}/-/ready", folder / "log")
            yield f"http://{address}"
        finally:
            server.kill()
            server.wait()


def text(value: float) -> str:
    return "NaN" if math.isnan(value) else repr(value)


def wait_for(url: str, log: Path) -> None:
    for _ in range(600):
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{url} is not ready after 30 s: {log.read_text()[-500:]}")
