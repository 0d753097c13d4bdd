"""What every check is: a piece of YAML that names what is counted of both releases, and judges the two beside each other."""

from reconciler.domain.judgements import Judgement
from reconciler.rules.beside import Beside
from reconciler.rules.fields import Written


class CheckRule(Written):
    """One `type:` of an analysis. Subclasses declare `type: Literal[...]` and the fields that people may write."""

    type: str

    @property
    def key(self) -> str:
        """Under which name it is counted: whatever changes the count is in it, and nothing that only changes the judgement."""
        return self.type

    def judge(self, beside: Beside) -> Judgement:
        """YES "proven not worse", NO "worse", UNKNOWN "cannot tell yet"; pure."""
        raise TypeError(f"{type(self).__name__} does not judge, of {len(beside.now)} weights")
