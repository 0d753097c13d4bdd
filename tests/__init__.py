"""Imported before all tests, and before any of them imports NumPy."""

import os

for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    # There are two workers on two cores, and on tables this small a second thread mostly waits.
    os.environ.setdefault(library, "1")  # noqa: TID251
