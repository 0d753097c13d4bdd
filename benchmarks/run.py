"""Runs every benchmark and writes docs/reference/benchmarks.md: `make bench`."""

import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import bootstrap, drift, rendering, specs
from benchmarks.measure import Result

BENCHMARKS = (bootstrap, specs)
PAGE = Path(__file__).parents[1] / "docs/reference/benchmarks.md"
PACKAGES = ("numpy", "scikit-learn", "pyyaml", "jsonschema", "pyarrow")

HEAD = """\
# Benchmarks

Written by `make bench`. Each row is Perennial and a peer on the same input in the same run; seconds are medians, and
the ratio is what to compare, because machines differ.

"""


def page(results: list[Result], today: str) -> str:
    """The page's text."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    rows = [
        f"| {r.what} | {r.size} | {_told(r.ours)} | {r.peer} | {_told(r.theirs)} | {r.ratio:.1f} | {r.difference:.1g} |"
        for r in results
    ]
    head = "| what | size | Perennial | peer | peer's time | times quicker | largest difference |"
    rule = "| --- | --- | ---: | --- | ---: | ---: | ---: |"
    return HEAD + f"{today}, {machine}; {versions}.\n\n" + "\n".join([head, rule, *rows]) + "\n"


def _told(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:,.0f} s"


def main() -> int:
    """Measure, show and write."""
    about_drift = drift.section()  # first: the memory that this process takes later would count for those that it starts
    results = [result for benchmark in BENCHMARKS for result in benchmark.run()]
    text = page(results, f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: TID251 - the date of the measurement
    text += rendering.section() + about_drift
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
