"""What is measured of a candidate, one module per family of gates. `evidence` puts them together."""
