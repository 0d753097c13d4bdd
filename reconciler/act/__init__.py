"""Step 4 of the flow, ACT: Writers only; one match over Step changes the world."""
