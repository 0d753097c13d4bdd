"""Answers of clusters, read."""
