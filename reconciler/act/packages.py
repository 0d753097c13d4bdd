"""Bring a package to where servers fetch it."""

from reconciler.domain.steps import PublishPackage
from reconciler.errors import ObserveError, PermanentActError
from reconciler.ports import Readers, Writers


def publish_package(step: PublishPackage, readers: Readers, writers: Writers) -> str:
    """The bytes come from DVC, checked, and are read back where they have gone. Raises ActError."""
    if writers.packages is None or readers.packages is None:
        raise PermanentActError("this checkout has no place for packages, but main names one", help="git pull")
    try:
        file = readers.artifacts.fetch(step.package.artifact)
    except ObserveError as error:
        raise PermanentActError(error.message, help=error.help) from error
    brought = writers.packages.publish(step.package, file)
    return f"{'published to' if brought else 'found in'} {readers.packages.base}, and read back: {step.package.artifact.sha256}"
