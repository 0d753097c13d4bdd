"""Adapters of the port Metrics."""

from reconciler.adapters.metrics.prometheus import PrometheusMetrics

__all__ = ["PrometheusMetrics"]
