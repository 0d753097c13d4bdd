"""Perennial against the peers that teams would use instead, on the same input in the same run."""
