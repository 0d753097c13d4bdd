"""Step 2 of the flow, OBSERVE: Readers only -> Facts. What cannot be seen is Missing, with the reason."""
