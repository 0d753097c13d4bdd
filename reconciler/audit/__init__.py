"""Beside the flow, AUDIT: Readers only. Tells what happened to a release, and proves that every link of it holds."""
