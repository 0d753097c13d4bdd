"""`.github/CODEOWNERS`: who must agree to a change of a model, a dataset or a policy, from their `metadata.owner`. Pure."""

import re
from collections.abc import Iterator

from reconciler.domain.names import model_path
from reconciler.specs.specs import Specs

BEGIN, END = "# perennial: from metadata.owner; `perennial init` writes it again", "# perennial: end"
_PERSON = re.compile(r"@[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BLOCK = re.compile(rf"^{re.escape(BEGIN)}$.*?^{re.escape(END)}$\n?", re.MULTILINE | re.DOTALL)


def code_owner(owner: str, organisation: str) -> str:
    """`@login`, `@organisation/team` or an address as it is; one plain word is a team of the organisation. Else empty."""
    if _PERSON.fullmatch(owner) or _MAIL.fullmatch(owner):
        return owner
    if re.fullmatch(_PERSON, f"@{owner}") and "/" in owner:
        return f"@{owner}"
    return f"@{organisation}/{owner}" if organisation and _TEAM.fullmatch(owner) else ""


def owned(specs: Specs) -> Iterator[tuple[str, str]]:
    """(path, `metadata.owner` as written) of everything that may have one, models first."""
    for name, model in specs.models.items():
        yield f"/{model_path(name).rpartition('/')[0]}/", model.metadata.owner
    for name, dataset in specs.datasets.items():
        yield f"/datasets/{name}.yaml", dataset.metadata.owner
    for folder, policies in (("retrain", specs.retrain), ("gates", specs.gates), ("rollout", specs.rollouts)):
        for name, policy in policies.items():
            yield f"/policies/{folder}/{name}.yaml", policy.metadata.owner


def code_owners(text: str, specs: Specs, organisation: str) -> str:
    """The file with Perennial's lines between their marks; all other lines are people's, and stay."""
    lines = [BEGIN, *_lines(specs, organisation), END]
    block = "\n".join(lines) + "\n"
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda _: block, text, count=1)
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block


def _lines(specs: Specs, organisation: str) -> Iterator[str]:
    for path, written in owned(specs):
        if who := code_owner(written, organisation):
            yield f"{path} {who}"
        elif written:
            yield f"# {path}: its owner is no login, team or address that GitHub knows"
