"""Drift of a whole window, whole processes from start to finish, against the tools that teams use instead.

`python -m benchmarks.drift 100000x25 1000000x60 10000000x25` chooses the sizes; peers run up to a million rows.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.drift_data import write
from benchmarks.process import ENVIRONMENTS, PEERS, Run, Skipped, python_of, runs

T = TypeVar("T")
SIZES = ("100000x25", "1000000x60", "10000000x25")
PEER_ROWS = 1_000_000
LIMIT = 500.0
"""Seconds that a peer may take."""
TOOLS = {
    "Evidently, psi": ("evidently", "evidently_psi.py"),
    "NannyML, ks": ("nannyml", "nannyml_ks.py"),
    "SciPy, ks + wasserstein + chi-squared": ("scipy", "scipy_tests.py"),
}
HEAD = """
## Drift

One process each, from start to finish, on the same Parquet file in the same run: every third column moved, every sixth is
text. Perennial compares the file with a stored profile by psi, ks, wassersteinIqr and chiSquared of all columns; the peers
read the reference rows too, as many as the window's, for that is how they work. "Reading" decodes the columns and does
nothing else. Wall time is the median of five runs, of a peer one run; memory is the peak. The ratio is the wall time over
Perennial's. Evidently's psi has bins of its own, so its difference is one of definition.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    size: str
    tool: str
    result: Run | Skipped
    ratio: float | None
    difference: str


def section(sizes: tuple[str, ...] = SIZES) -> str:
    """The part of the page about drift, measured now."""
    lines = ["| size | tool | seconds | ratio | peak memory | largest difference from the exact value |"]
    lines += ["| --- | --- | ---: | ---: | ---: | --- |"]
    lines += [_line(row) for size in sizes for row in measure(size)]
    return HEAD + "\n".join(lines) + "\n"


def measure(size: str) -> list[Row]:
    """All tools on one size, ROWSxCOLUMNS."""
    rows, columns = (int(number) for number in size.split("x"))
    folder = ENVIRONMENTS / "data"
    reference, window = folder / f"{min(rows, PEER_ROWS)}x{columns}-reference.parquet", folder / f"{size}-window.parquet"
    elsewhere(write, reference, min(rows, PEER_ROWS), columns, moved=False)
    elsewhere(write, window, rows, columns, moved=True)
    profile = elsewhere(_profile, reference)
    ours = runs([sys.executable, "-m", "benchmarks.drift_ours", str(profile), str(window)], 5, LIMIT)
    reading = runs([sys.executable, "-m", "benchmarks.drift_reading", str(window)], 5, LIMIT)
    base = ours.seconds if isinstance(ours, Run) else float("nan")
    exact = _exact(reference, window, profile) if rows <= PEER_ROWS else {}
    found = [("Perennial, all four", ours), ("reading", reading)]
    for tool, (peer, script) in TOOLS.items():
        command = [python_of(peer), "-W", "ignore", str(PEERS / script), str(reference), str(window)]
        too_large = Skipped(why=f"holds all rows: not tried above {PEER_ROWS:,}")
        found.append((tool, runs(command, 1, LIMIT) if rows <= PEER_ROWS else too_large))
    return [
        Row(
            size=f"{rows:,} x {columns}",
            tool=tool,
            result=result,
            ratio=result.seconds / base if isinstance(result, Run) else None,
            difference=_difference(result, exact) if tool != "reading" else "",
        )
        for tool, result in found
    ]


def elsewhere(work: Callable[..., T], *arguments: object, **more: object) -> T:
    """In a process of its own: what this one has ever held counts as the peak of every process that it starts."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **more).result()


def _profile(reference: Path) -> Path:
    """The stored profile, as training makes it."""
    import polars as pl

    from reconciler.pipeline.profile_rows import reference_of_frame
    from reconciler.specs.model import Features
    from reconciler.statistics.profile_json import profile_to_json

    frame = pl.read_parquet(reference)
    texts = tuple(name for name in frame.columns if frame.schema[name] == pl.String)
    numbers = tuple(name for name in frame.columns if name not in texts)
    path = reference.with_suffix(".json")
    text = profile_to_json(reference_of_frame(frame, Features(numeric=numbers, categorical=texts)))
    path.write_text(text, encoding="utf-8")
    return path


def _exact(reference: Path, window: Path, profile: Path) -> dict[str, dict[str, float]]:
    """SciPy's numbers of the raw rows, and PSI on the same bins."""
    command = [python_of("scipy"), str(PEERS / "scipy_tests.py"), str(reference), str(window), str(profile)]
    run = runs(command, 1, 10 * LIMIT)
    return json.loads(run.output) if isinstance(run, Run) else {}


def _difference(result: Run | Skipped, exact: dict[str, dict[str, float]]) -> str:
    """Per statistic the largest difference over the columns for which an exact value is known."""
    if isinstance(result, Skipped) or not exact:
        return ""
    values: dict[str, dict[str, float]] = json.loads(result.output)
    largest = {
        name: max(abs(columns[column] - exact[name][column]) for column in columns.keys() & exact.get(name, {}).keys())
        for name, columns in values.items()
        if columns.keys() & exact.get(name, {}).keys()
    }
    return ", ".join(f"{name} {difference:.1g}" for name, difference in largest.items())


def _line(row: Row) -> str:
    match row.result:
        case Run(seconds=seconds, megabytes=megabytes):
            numbers = f"{seconds:.2f} | {row.ratio:.1f} | {megabytes:,.0f} MB | {row.difference}"
        case Skipped(why=why):
            numbers = f"skipped: {why} | | |"
    return f"| {row.size} | {row.tool} | {numbers} |"


if __name__ == "__main__":
    sys.stdout.write(section(tuple(sys.argv[1:]) or SIZES))
