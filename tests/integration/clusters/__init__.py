"""Clusters that are badly reached, badly configured, or badly behaved."""
