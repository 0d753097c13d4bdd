"""Serving environments: real virtual environments that see what they are given, and may claim to have other versions."""

import sysconfig
import venv
from pathlib import Path

import reconciler

PACKAGES = Path(sysconfig.get_path("purelib"))
CODE = Path(reconciler.__file__).parents[1]


def a_venv(where: Path, *sees: Path, **claims: str) -> Path:
    """The interpreter of a new environment that imports from the folders `sees`, in their order, and has nothing of its own.

    `claims` are versions that its own metadata tells of packages, whatever the folders hold; `_` stands for `-`.
    """
    venv.EnvBuilder(with_pip=False, symlinks=True).create(where)
    (site,) = where.glob("lib/python*/site-packages")
    (site / "folders.pth").write_text("".join(f"{folder}\n" for folder in sees))
    for name, version in claims.items():
        told = site / f"{name}-{version}.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n")
    return where / "bin" / "python"
