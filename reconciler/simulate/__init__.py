"""Replays history: the same loop, week by week, with a clock of its own and a reviewer who merges."""
