"""What `perennial doctor` looks at: the machine and the repository. Nothing here changes anything."""

from reconciler.adapters.diagnosis.clusters import diagnose_clusters
from reconciler.adapters.diagnosis.github import diagnose_github
from reconciler.adapters.diagnosis.machine import diagnose_machine
from reconciler.adapters.diagnosis.repository import diagnose_repository, top_of
from reconciler.adapters.diagnosis.service import diagnose_service

__all__ = ["diagnose_clusters", "diagnose_github", "diagnose_machine", "diagnose_repository", "diagnose_service", "top_of"]
