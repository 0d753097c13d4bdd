"""Perennial: keeps machine-learning models fresh the GitOps way. Start reading at `reconcile.py`."""
