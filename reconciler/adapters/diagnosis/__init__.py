"""What `perennial doctor` looks at: the machine and the repository. Nothing here changes anything."""

from reconciler.adapters.diagnosis.machine import diagnose_machine
from reconciler.adapters.diagnosis.repository import diagnose_repository, top_of

__all__ = ["diagnose_machine", "diagnose_repository", "top_of"]
