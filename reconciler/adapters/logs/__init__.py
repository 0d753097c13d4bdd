"""The port Logs on Parquet files, and in `append` the two writers that fill them: serving logs predictions, label jobs labels."""

from reconciler.adapters.logs.parquet import ParquetLogs

__all__ = ["ParquetLogs"]
