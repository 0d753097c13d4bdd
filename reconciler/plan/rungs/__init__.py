"""What stands on the rungs of the ladder that `plan.decide` reads."""
