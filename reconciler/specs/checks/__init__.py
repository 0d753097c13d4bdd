"""What no single document can know about itself: one file per kind that is checked."""
