"""Step 1 of the flow, LOAD: YAML to specs, or every problem at once with its file and line."""
