"""How the local forge keeps one pull request: a ref whose commits hold three files, so that it has a history of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from reconciler.domain.changes import Proposal, PullRequest, PullState, labels_beside
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError

PULLS = "refs/perennial/pulls/"
PULL, BODY, COMMENTS = "pull.json", "body.md", "comments.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said on a pull request, and when. One with a key is updated in place."""

    at: datetime
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRecord:
    """A pull request as it is stored: all but the branch's tip, which is read from the branch."""

    number: int
    state: PullState
    branch: str
    base: str
    title: str
    body: str
    merged: Revision | None = None
    comments: tuple[Said, ...] = ()
    labels: tuple[str, ...] = ()
    draft: bool = False

    @property
    def ref(self) -> str:
        """Where it is kept."""
        return f"{PULLS}{self.number}"

    def proposed(self, proposal: Proposal) -> "PullRecord":
        """The record as the proposal wants it; labels that people added stay."""
        labels = labels_beside(self.labels, proposal.labels)
        wanted = {name: getattr(proposal, name) for name in ("branch", "base", "title", "body", "draft")}
        return replace(self, labels=labels, **wanted)

    def seen(self, tip: Revision | None) -> PullRequest:
        """As readers get it. Only an open one has a tip: the branch's name may be in use again."""
        return PullRequest(
            number=self.number,
            state=self.state,
            branch=self.branch,
            base=self.base,
            title=self.title,
            body=self.body,
            tip=tip if self.state is PullState.OPEN else None,
            merged=self.merged,
            labels=self.labels,
            draft=self.draft,
        )

    def to_files(self) -> dict[str, bytes]:
        """The files of its commit."""
        pull = {name: getattr(self, name) for name in ("number", "state", "branch", "base", "title", "merged", "labels", "draft")}
        comments = [{"at": c.at.astimezone(UTC).isoformat(), "key": c.key, "text": c.text} for c in self.comments]
        return {
            PULL: (json.dumps(pull, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode(),
            BODY: self.body.encode(),
            COMMENTS: "".join(json.dumps(c, sort_keys=True, ensure_ascii=False) + "\n" for c in comments).encode(),
        }


def read_record(ref: str, files: Mapping[str, bytes]) -> PullRecord:
    """The pull request that the files describe. Raises ObserveError when they do not."""
    try:
        value = json.loads(files[PULL])
        comments = [json.loads(line) for line in files[COMMENTS].decode().split("\n") if line]
        return PullRecord(
            number=int(ref.removeprefix(PULLS)),
            state=PullState(value["state"]),
            branch=str(value["branch"]),
            base=str(value["base"]),
            title=str(value["title"]),
            body=files[BODY].decode(),
            merged=Revision(value["merged"]) if value["merged"] else None,
            comments=tuple(
                Said(at=datetime.fromisoformat(c["at"]), text=str(c["text"]), key=str(c.get("key", ""))) for c in comments
            ),
            labels=tuple(str(label) for label in value.get("labels", ())),  # neither these nor drafts were kept at first
            draft=value.get("draft") is True,
        )
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise ObserveError(
            f"{ref} does not hold a pull request that can be read: {error!r}", help=f"git show {ref}:{PULL}"
        ) from error
