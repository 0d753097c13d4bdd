"""`python -m reconciler` is `perennial`."""

from reconciler.cli.main import main

main()
