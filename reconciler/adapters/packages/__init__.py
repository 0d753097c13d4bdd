"""Adapters of the ports Packages and PackagesWriter, by the address that the settings name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reconciler.adapters.packages.fsspec import FsspecPackages
from reconciler.domain.packages import OCI

if TYPE_CHECKING:
    from reconciler.adapters.packages.oci import OciPackages

__all__ = ["FsspecPackages", "open_packages", "place_of"]


def open_packages(base: str, address: str, environment: Mapping[str, str]) -> "FsspecPackages | OciPackages":
    """What the settings call `base`; `address` is where that is for this machine. Nothing is asked for yet."""
    if not address.startswith(OCI):
        return FsspecPackages(address, base)
    from reconciler.adapters.packages.oci import OciPackages  # requests: most have no registry

    return OciPackages(base, environment)


def place_of(base: str | None, address: str, environment: Mapping[str, str]) -> "FsspecPackages | OciPackages | None":
    """The same; none where the settings name none."""
    return open_packages(base, address, environment) if base else None
