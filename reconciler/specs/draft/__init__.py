"""Before step 1 of the flow: what a table looks like to the specs of a first model, as commented YAML. Pure."""
