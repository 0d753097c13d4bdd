"""Which files of a repository say what it wants: what is loaded, fingerprinted and rendered."""

from reconciler.domain.names import RUNS, WANTED_FILES, WANTED_FOLDERS

SPEC_PREFIXES = (*WANTED_FOLDERS, *WANTED_FILES, RUNS)
