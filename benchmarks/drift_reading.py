"""The least that any tool must do, as one process: read the columns of a Parquet file, and do nothing with them."""

import sys

from pyarrow.parquet import ParquetFile


def main(window: str) -> None:
    """Decode every column, in batches on all processors."""
    with ParquetFile(window) as file:
        for batch in file.iter_batches(batch_size=131_072, use_threads=True):
            batch.validate()


if __name__ == "__main__":
    main(*sys.argv[1:])
