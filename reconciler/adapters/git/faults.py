"""What git's complaints about a remote mean for people: whether trying again may help, and the command that does."""

import re

from reconciler.errors import ActError, PermanentActError, TransientActError

_SAID = re.compile(r"^(?:fatal|error|remote|ssh): *|^!\t", re.MULTILINE)
_REF = re.compile(r"^!\t[0-9a-f]*:(\S+)\t")
_LONGEST = 400
_LASTING = (
    (
        r"does not appear to be a git repository|not a git repository|does not exist",
        "git remote -v; git remote set-url {name} URL",
    ),
    (r"Host key verification failed", "ssh-keyscan HOST >> ~/.ssh/known_hosts, after checking the key"),
    (
        r"Authentication failed|could not read (Username|Password)|Permission (denied|to )|Invalid username|HTTP (Basic|401|403)"
        r"|returned error: (401|403)|[Rr]epository not found|returned error: 404",
        "perennial doctor  (is there a token or key, and may it write?); git ls-remote {name}",
    ),
    (r"(support --atomic|atomic push)", "use a git server that knows atomic pushes (git 2.4 or newer)"),
    (r"GH006|GH013|protected branch|rule violations", "let Perennial's account pass the rule for this branch"),
    (r"hook declined|denied by|deny(ing)? |prohibited|refusing|shallow update", "look at the server's rules for pushes"),
    (r"exists; cannot create", "git push {name} --delete BRANCH, for the branch that is in the way"),
    (r"certificate|SSL", "git config http.sslCAInfo FILE, or set the clock"),
)
"""Complaints that stay until a person does something, and what. Everything else is the network, or somebody else's push."""


def fault(complaint: str, what: str, name: str) -> ActError:
    """The error for what git said on its standard error about the remote `name`.

    What became of the refs is never read from the text: for that they are looked at again.
    """
    message = f"{what}: {_short(complaint)}"
    for pattern, help in _LASTING:
        if re.search(pattern, complaint):
            return PermanentActError(message, help=help.format(name=name))
    return TransientActError(message, help=f"git ls-remote {name}; then run again")


def _short(complaint: str) -> str:
    """Its lines that say something, as one; of a ref that was not taken its name and the reason."""
    telling = [line for line in complaint.splitlines() if _SAID.match(line) and "failed to push some refs" not in line]
    lines = [_SAID.sub("", _REF.sub(r"!\t\1 ", line)).strip() for line in telling]
    said = "; ".join(dict.fromkeys(filter(None, lines))) or " ".join(complaint.split())
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
