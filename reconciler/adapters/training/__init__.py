"""The parts of the trainer: a worktree of its own, a supervised process, its log, and the files that it leaves."""
