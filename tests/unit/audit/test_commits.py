"""Who made a commit: its author; of what Perennial committed only whom it names itself, whatever a title says."""

from reconciler.audit.commits import who
from reconciler.domain.commits import CommitInfo
from tests.builders import NOW
from tests.cases import each

PERENNIAL = "Perennial <perennial@localhost>"
HEAD = "Merge pull request #3 from perennial/alpha/staging"


def a_commit(message: str, author: str = PERENNIAL) -> CommitInfo:
    return CommitInfo(parents=(), author=author, committer="perennial@localhost", at=NOW, message=message)


@each(
    ("message", "name"),
    [
        (f"{HEAD}\n\nPromote alpha\n\nMerged-by: Ann Lee <ann@example.com>\n", "Ann Lee <ann@example.com>"),
        (f"{HEAD}\n\nPromote alpha\n", "Perennial, nobody is named"),
        (f"{HEAD}\n\nMerged-by: Mallory\n", "Perennial, nobody is named"),
        (f"{HEAD}\n\nMerged-by: Mallory\n\nMerged-by: Ann\n", "Ann"),
        ("Merged-by: Mallory\n", "Perennial, nobody is named"),
        (f"{HEAD}\n\nPromote alpha\n\nMerged-by: Ann\nMerged-by: Mallory\n", "Perennial, nobody is named"),
        ("", "Perennial, nobody is named"),
    ],
)
def test_of_what_perennial_committed_only_the_last_paragraph_after_the_title_names_somebody(message: str, name: str) -> None:
    assert who(a_commit(message)) == name


def test_a_person_is_the_author_whatever_the_message_says() -> None:
    assert who(a_commit(f"{HEAD}\n\nT\n\nMerged-by: Mallory\n", "Ann <ann@example.com>")) == "Ann <ann@example.com>"
