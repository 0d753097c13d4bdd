"""The policies of a first model as commented YAML, their thresholds scaled to its data. Pure."""

from collections.abc import Iterator, Sequence

from reconciler.rules.fields import duration_text
from reconciler.specs.draft.proof import Proof
from reconciler.specs.draft.quoting import listed, number
from reconciler.specs.draft.timing import Timing

ROLLOUT_TEXT = """\
# yaml-language-server: $schema=../../schemas/rollout-policy.json
#
# How a merged release reaches its users: at once, when Argo CD has synced the manifests.
apiVersion: perennial/v1
kind: RolloutPolicy
metadata:
  name: direct
  description: All traffic moves to the merged release at once; reverting the merge moves it back.
spec: {type: direct}
"""


_GROUPS = 2
"""So many columns are proposed for slices: each multiplies what chance can do."""


def gates_text(name: str, proof: Proof, categorical: Sequence[str] = ()) -> str:
    """`policies/gates/<name>.yaml`, whole. `categorical` are the features whose categories may be looked at one by one."""
    key, value = proof.bound
    metric = proof.metrics[0]
    return f"""\
# yaml-language-server: $schema=../../schemas/gate-policy.json
#
# What a candidate of {name} must prove before it is proposed. All gates must say YES; UNKNOWN is not YES.
apiVersion: perennial/v1
kind: GatePolicy
metadata:
  name: {name}
  description: The data keeps its contract, the model is useful, and it is not worse than the live one.
spec:
  gates:
    # Every expectation of the dataset's contract held on the rows that were used.
    - {{type: dataQuality}}
    # Useful at all, on rows that it never saw. The bound is {proof.why}.
    # Alone it decides the first release: raise it to what the model is needed for.
    - {{type: floor, metric: {metric}, {key}: {value}, minimumRows: {proof.minimum_rows}}}
    # Champion and candidate score identical rows: with 95 % confidence the candidate is at most this much worse.
    # `mode: superiority` would ask for a proven gain instead.
    - type: beatsLive
      metric: {metric}
      mode: nonInferiority
      margin: {number(proof.margin)}
      confidence: 0.95
      minimumRows: {proof.minimum_rows}
    # More that can be asked; take away the `# ` (docs/reference/gates.md tells them all):
{"".join(f"    # {line}{chr(10)}" for line in _further(proof, categorical))}"""


def _further(proof: Proof, categorical: Sequence[str]) -> Iterator[str]:
    """Gates that fit most models, each a line of YAML with its reason."""
    yield "- {type: schema}   # the columns and the classes are the live model's"
    yield "- {type: leakage}   # nothing in the rows that cannot be known when it is asked"
    if categorical:
        yield "- {type: labelAnomaly}   # no day and no category has labels that look made up"
        cut = f"columns: {listed(categorical[:_GROUPS])}, margin: {number(proof.margin)}"
        yield f"- {{type: slices, {cut}}}   # no group is served worse than by the live one"
    if "brier" in proof.metrics:
        yield "- {type: calibration, errorAtMost: 0.05}   # what is said to happen in 3 of 10 cases does"


def retrain_text(name: str, timing: Timing, proof: Proof) -> str:
    """`policies/retrain/<name>.yaml`, whole."""
    key, value = proof.alarm
    window = duration_text(timing.window)
    return f"""\
# yaml-language-server: $schema=../../schemas/retrain-policy.json
#
# When {name} is retrained, and when it is not. Change a number, then see what it would do: `perennial plan --model {name}`.
# The numbers fit how fast the table grew that this was drafted from.
apiVersion: perennial/v1
kind: RetrainPolicy
metadata:
  name: {name}
  description: Retrain when Git asks for it, enough labels are new, the inputs move, or the model is old or gets worse.
spec:
  triggers:
    any:   # one is enough; `all:` would ask for every one
      # What the model is made from (spec, code, seed, pinned packages) is no longer what Git says.
      - {{type: specChanged}}
      # About 15 % of the labelled rows that there were at the start.
      - {{type: newLabels, rows: {timing.new_labels}}}
      # The data that the live model knows is this old, whatever else is the case.
      - {{type: maxAge, age: {duration_text(timing.max_age)}}}
      # Three features in ten moved (population stability index), in each of the two newest windows.
      - {{type: dataDrift, statistic: psi, above: 0.2, shareOfFeatures: 0.3, window: {window}, consecutive: 2}}
      # The same inputs no longer lead to the same outcome: the live model's loss grew from one week to the next, beyond chance.
      - {{type: conceptDrift}}
      # The live model is worse than what the gates ask of a new one, in each of the two newest windows whose labels are known.
      - {{type: performance, metric: {proof.metrics[0]}, {key}: {value}, window: {window}, consecutive: 2}}
  guards:   # all must agree, or nothing is trained
    # A spec may be changed and retrained at once; noise in the data has to wait.
    - {{type: cooldown, period: {duration_text(timing.cooldown)}, exempt: [specChanged]}}
    - {{type: minimumNewLabels, rows: {timing.minimum_new_labels}, exempt: [specChanged]}}
    - {{type: oneChangeOpen}}   # a promotion is waiting for its review
    - {{type: hold}}   # a person wrote models/{name}/hold.yaml
"""
