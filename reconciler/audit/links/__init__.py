"""The links between what was approved and what runs, one judgement each. NO: it is broken; UNKNOWN: it cannot be seen here."""
