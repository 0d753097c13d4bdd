"""The summary of a check run: a row for every gate. Pure."""

from reconciler.domain.judgements import Judgement
from reconciler.render.fit import fit
from reconciler.render.markdown import table
from reconciler.render.rows import gate_rows


def check_summary(gates: Judgement) -> str:
    """Markdown that fits into a check run."""
    rows = [tuple(str(row[key]) for key in ("symbol", "rule", "verdict", "message", "code")) for row in gate_rows(gates)]
    return fit(f"{table(('', 'gate', 'verdict', 'what it said', 'code'), rows)}\n", "The pull request tells the rest.")
