"""Evidence in which everything is measured that can be."""

from reconciler.domain.evidence import Evidence, Repeated
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.domain.measured.calibration import Bin as SaidBin
from reconciler.domain.measured.calibration import Calibrated, Calibration, CalibrationGain
from reconciler.domain.measured.data import (
    Alone,
    Changed,
    DailyRows,
    LabelCheck,
    LabelTest,
    Leakage,
    LiveSchema,
    NewerRows,
    Quality,
    Schema,
    SchemaChange,
    SharedRows,
    Suspect,
    UnknownCategories,
    Volume,
)
from reconciler.domain.measured.fairness import Grouped
from reconciler.domain.measured.importance import Beside, Importance, Leaning, Ranged
from reconciler.domain.measured.robustness import Response, Strain, Strained
from reconciler.domain.measured.serving import Infra, Latency, Memory, Opinion, Parity, Spread, TimesLive
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceGains, SliceValue
from reconciler.domain.releases import digest_of
from reconciler.rules.perturbation import Kind, Perturbation
from tests.builders import DAY, NOW, a_comparison, a_gain, a_release, evidence

LIVE = a_release()


def about(value: float, spread: float = 0.02) -> Ranged:
    return Ranged(value=value, low=value - spread, high=value + spread)


def measured(value: float, spread: float = 0.01, rows: int = 10_000) -> Measured:
    return Measured(value=value, low=value - spread, high=value + spread, rows=rows)


def an_importance() -> Importance:
    live = {"minuteOfDay": 0.5, "carrier": 0.2, "weekday": 0.15, "origin": 0.15}
    now = {"minuteOfDay": 0.44, "carrier": 0.25, "weekday": 0.13, "origin": 0.08, "humidity": 0.1}
    both = {
        name: Leaning(live=about(before), candidate=about(now[name]), shift=about(now[name] - before))
        for name, before in live.items()
    }
    return Importance(
        rows=10_000,
        shares={name: about(share) for name, share in now.items()},
        beside=Beside(champion=LIVE.digest, features=both),
    )


def a_strained() -> Strained:
    def strain(perturbation: Perturbation, gain: float, feature: str = "") -> tuple[str, Strain]:
        change = a_gain(gain=gain, spread=0.002, champion=0.72, challenger=0.72 + gain)
        key = f"robustness/rocAuc/{perturbation.key}"
        return key, Strain(what=str(perturbation), gain=change, values=900, feature=feature)

    strains = (
        strain(Perturbation(kind=Kind.NOISE), -0.001),
        strain(Perturbation(kind=Kind.MISSING), -0.011),
        strain(Perturbation(kind=Kind.OUT_OF_RANGE), 0.0005),
        strain(Perturbation(kind=Kind.MISSING, share=1.0, one_by_one=True), -0.063, "minuteOfDay"),
    )
    unseen = Perturbation(kind=Kind.UNSEEN_CATEGORIES)
    return Strained(
        strains=dict(strains),
        responses={"robustness/increasesWith/distance": Response(rows=10_000, against=31)},
        broken={f"robustness/rocAuc/{unseen.key}": f"{unseen}: ValueError: Found unknown categories"},
    )


def a_calibration() -> Calibration:
    bins = tuple(SaidBin(predicted=share, observed=share * 0.9, rows=1000) for share in (0.04, 0.1, 0.18, 0.3, 0.55))
    own = Calibrated(rows=10_000, brier=measured(0.151, 0.004), error=measured(0.021, 0.006), bins=bins)
    return Calibration(
        candidate=own, gain=CalibrationGain(champion=LIVE.digest, brier=measured(0.004, 0.001), error=measured(-0.002, 0.004))
    )


def slices_of_carriers() -> tuple[Sliced, ...]:
    def value(at: float, rows: int) -> SliceValue:
        return SliceValue(value=at, low=at - 0.02, high=at + 0.02, rows=rows, rarest=rows // 5)

    def gain(by: float, rows: int) -> SliceGain:
        return SliceGain(champion=0.7, challenger=0.7 + by, gain=by, lower=by - 0.01, error=0.006, rows=rows, rarest=rows // 5)

    unknown = Missing(code="insufficientData", why="12 rows")
    return (
        Sliced(
            columns=("carrier",),
            metric="rocAuc",
            rows={"AA": 2_400, "UA": 5_000, "HA": 12},
            measured={"AA": value(0.71, 2_400), "UA": value(0.73, 5_000), "HA": unknown},
            gains=SliceGains(champion=LIVE.digest, gains={"AA": gain(-0.01, 2_400), "UA": gain(0.03, 5_000), "HA": unknown}),
            left_out=3,
        ),
    )


def groups_of_origins() -> tuple[Grouped, ...]:
    rates = {
        "EWR": {"selectionRate": measured(0.24), "truePositiveRate": measured(0.61)},
        "JFK": {"selectionRate": measured(0.19), "truePositiveRate": measured(0.55)},
    }
    return (Grouped(column="origin", threshold=0.5, rows={"EWR": 6_000, "JFK": 4_000}, rates=rates),)


def a_leakage() -> Leakage:
    return Leakage(
        known_after=(),
        early_labels=0,
        holdout_from=NOW - 14 * DAY,
        rows=SharedRows(by="all columns", shared=3, rows=10_000, chance=0.0002, chance_rows=50_000),
        contents=SharedRows(by="the features", shared=120, rows=10_000, chance=0.011, chance_rows=50_000),
        alone=Alone(measure="rocAuc", rows=10_000, model=0.72, features={"carrier": 0.58, "minuteOfDay": 0.66}),
    )


def a_label_check() -> LabelCheck:
    odd = Suspect(
        test=LabelTest.RATE, by="champion", segment="carrier=HA", rows=120, observed=0.41, expected=0.22, excess=0.19,
        p_value=0.0004, distance=3.2,
    )  # fmt: skip
    return LabelCheck(rows=60_000, quantity=False, segments=84, live=NewerRows(champion=LIVE.digest, rows=9_000), suspects=(odd,))


def full_evidence() -> Evidence:
    """Everything that is measured so far."""
    spread, peak = Spread(middle=0.0042, low=0.004, high=0.0045), Spread(middle=1.8e8, low=1.7e8, high=1.9e8)
    unknown_carriers = {"carrier": UnknownCategories(unknown=3, before=0.0)}
    changes = (Changed(kind=SchemaChange.NEW_FEATURE, column="humidity", said="the live model has no such feature"),)
    return evidence(
        quality=Quality(evaluated=12, failures=(), warnings=("expect_column_mean_to_be_between(column=delay): 44",)),
        metrics={"rocAuc": measured(0.72), "brier": measured(0.151, 0.004)},
        comparison=a_comparison(a_gain(), a_gain("brier", gain=-0.001, spread=0.002, champion=0.1812, challenger=0.1822)),
        primary="rocAuc",
        training={"rocAuc": 0.78, "brier": 0.14},
        calibration=a_calibration(),
        slices=slices_of_carriers(),
        fairness=groups_of_origins(),
        leakage=a_leakage(),
        labels=a_label_check(),
        repeated=Repeated(first=digest_of("a"), second=digest_of("a")),
        latency={
            "1": Latency(rows=1, calls=200, rounds=5, p50=spread, p95=spread, live=TimesLive(champion=LIVE.digest, times=spread)),
            "1000": Missing(code="cannotBeMeasured", why="the package could not be asked"),
        },
        memory={"1": Memory(rows=1, processes=3, bare=30_000_000, libraries=150_000_000, peak=peak)},
        interpreter="serve/bin/python",
        infra=Infra(
            made={"scikit-learn": "1.9.1", "numpy": "2.5.0"}, installed={"scikit-learn": "1.9.1"},
            otherwise=("numpy is not installed",), samples=5, answered=5,
        ),
        parity=Parity(
            rows=200, alone=50, sample_rows=5, unanswered=0, one_by_one=1e-9, together=0.0, samples=0.0, changed=()
        ),
        custom={"checks/limits": Opinion(answer=Answer.YES, code="fine", message="all 14 limits are kept", remedy="")},
        robustness=a_strained(),
        schema=Schema(
            columns=9, breaches=(),
            live=LiveSchema(
                champion=LIVE.digest, rows=9_000, changes=changes, categories=unknown_carriers
            ),
        ),
        volume=Volume(
            train=DailyRows(days=60, poorest=612, empty=("2013-04-01",)), holdout=DailyRows(days=14, poorest=700, empty=())
        ),
        importance=an_importance(),
    )  # fmt: skip
