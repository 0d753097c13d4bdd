"""What a lock pins is compared with what is installed here; what does not apply here, or is not here, does not count."""

from importlib.metadata import version

from reconciler.audit.installed import differences
from tests.cases import each

NUMPY = version("numpy")
LOCKS = {
    "the same": (f"numpy=={NUMPY} \\\n    --hash=sha256:0\n", []),
    "another": ("numpy==1.0 \\\n    --hash=sha256:0\n", [("numpy", "1.0", NUMPY)]),
    "another spelling of the name": ("Scikit_Learn==0.1\n", [("scikit-learn", "0.1", version("scikit-learn"))]),
    "for another system": ("numpy==1.0 ; sys_platform == 'plan9' \\\n", []),
    "for this one": ("numpy==1.0 ; python_version >= '3.8' \\\n", [("numpy", "1.0", NUMPY)]),
    "with a marker that is none": ("numpy==1.0 ; nonsense \\\n", [("numpy", "1.0", NUMPY)]),
    "not installed here": ("no-such-package-anywhere==1.0\n", []),
    "no pins at all": ("# numpy==1.0\n-r other.txt\nnumpy>=1.0\n\n    --hash=sha256:numpy==1.0\n", []),
}


@each(("lock", "found"), LOCKS.values())
def test_a_lock_differs_where_another_version_is_installed(lock: str, found: list[tuple[str, str, str]]) -> None:
    assert list(differences(lock)) == found
