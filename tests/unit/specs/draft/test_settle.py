"""What becomes of a file when a repository is set up again: people's edits stay, whatever Perennial did meanwhile."""

from dataclasses import dataclass, field

from reconciler.domain.scaffold import Fate, Merged, Put
from reconciler.specs.draft.settle import record_of, settle
from tests.cases import each


@dataclass(kw_only=True)
class Remembers:
    """A git whose ids are the texts themselves, each with a mark; it merges what differs by its last line."""

    kept: set[str] = field(default_factory=lambda: {"old"})

    def identify(self, text: str) -> str:
        return f"id {text}"

    def recall(self, identity: str) -> str | None:
        text = identity.removeprefix("id ")
        return text if text in self.kept else None

    def merge(self, people: str, base: str, ours: str) -> Merged:
        assert base == "old"
        return Merged(text=f"{people}+{ours}", clean=people != "clash")


@each(
    ("now", "new", "put", "fate", "after"),
    [
        (None, "new", None, Fate.NEW, "new"),
        (None, "new", "id old", Fate.GONE, None),
        ("new", "new", None, Fate.SAME, "new"),
        ("new", "new", "id old", Fate.SAME, "new"),
        ("old", "new", "id old", Fate.UPDATED, "new"),
        ("mine", "old", "id old", Fate.KEPT, "mine"),
        ("mine", "new", "id old", Fate.MERGED, "mine+new"),
        ("clash", "new", "id old", Fate.CONFLICT, "clash+new"),
        ("mine", "new", None, Fate.THEIRS, "mine"),
        ("mine", "new", "id forgotten", Fate.THEIRS, "mine"),
        ("old", None, "id old", Fate.DROPPED, None),
        ("mine", None, "id old", Fate.KEPT, "mine"),
        (None, None, "id old", Fate.GONE, None),
    ],
)
def test_the_fate_of_a_file(now: str | None, new: str | None, put: str | None, fate: Fate, after: str | None) -> None:
    settled = settle("dvc.yaml", now, new, put, Remembers())

    assert (settled.fate, settled.after) == (fate, after)
    assert settled.writes is (now != after or fate is Fate.CONFLICT)


def test_what_people_wrote_is_never_lost() -> None:
    for now in ("mine", "clash"):
        for new in ("old", "new", None):
            for put in (None, "id old", "id forgotten"):
                assert now in (settle("x", now, new, put, Remembers()).after or "")


def test_the_record_names_what_perennial_put_there_and_not_what_people_made_of_it() -> None:
    def put(path: str, fate: Fate) -> Put:
        return Put(path=path, fate=fate, before="mine", after="mine", shipped="new")

    puts = {one.path: one for one in (put("kept", Fate.KEPT), put("theirs", Fate.THEIRS), put("away", Fate.GONE))}

    assert record_of(puts, {"away": "id old"}, Remembers()) == {"away": "id old", "kept": "id new"}
    assert record_of(puts, {"theirs": "id old"}, Remembers())["theirs"] == "id old"


def test_settled_once_it_is_settled() -> None:
    git = Remembers()
    for now in (None, "old", "new", "mine"):
        first = settle("x", now, "new", "id old" if now else None, git)
        record = record_of({"x": first}, {"x": "id old"} if now else {}, git)
        second = settle("x", first.after, "new", record.get("x"), git)
        assert not second.writes
