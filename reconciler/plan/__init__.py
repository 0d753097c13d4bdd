"""Step 3 of the flow, PLAN: pure. Decide for each model, limit the fleet, and write down the exact bytes of every step."""
