"""Pure nouns, frozen: what was seen, judged, decided, to be done and done."""
