"""Gate volume: rows in all, rows a day against the live model's, days without rows."""

from dataclasses import replace

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.judgements import Answer
from reconciler.domain.measured.data import DailyRows, Volume
from reconciler.rules.gates.volume import VolumeGate
from tests.builders import DAY, NOW, a_build, a_candidate, a_release, evidence, facts
from tests.cases import each


def spread(*empty, train=75, holdout=13, poorest=600):
    days = {"poorest": poorest, "empty": empty}
    return Volume(train=DailyRows(days=train, **days), holdout=DailyRows(days=holdout, poorest=700, empty=()))


def of(word, train=50_000, holdout=10_000):
    """A build of 75 days to learn from, and 13 to judge by."""
    build = a_build(word)
    return replace(build, data=replace(build.data, train_rows=train, holdout_rows=holdout))


def judged(volume=None, live=(50_000, 10_000), rows=(50_000, 10_000), **gate):
    seen = facts(
        candidate=a_candidate(build=of("candidate", *rows), evidence=evidence(volume=volume or spread())),
        releases={"production": replace(a_release(), build=of("champion", *live))} if live else {},
    )
    return VolumeGate.model_validate({"type": "volume"} | gate).judge(seen, NOW)


@each(
    ("seen", "gate", "answer", "code"),
    [
        ({}, {}, Answer.YES, "volumeKept"),
        ({"live": None}, {}, Answer.YES, "volumeKept"),
        ({"volume": NOT_MEASURED}, {}, Answer.UNKNOWN, "notMeasured"),
        ({"rows": (499, 10_000), "live": None}, {}, Answer.NO, "tooFewRows"),
        ({"rows": (500, 200), "live": None}, {}, Answer.YES, "volumeKept"),
        ({"rows": (500, 199), "live": None}, {}, Answer.NO, "tooFewRows"),
        ({"rows": (499, 10_000), "live": None}, {"minimumTrainRows": 400}, Answer.YES, "volumeKept"),
        ({"rows": (24_999, 10_000)}, {}, Answer.NO, "volumeChanged"),
        ({"rows": (25_000, 10_000)}, {}, Answer.YES, "volumeKept"),
        ({"rows": (50_000, 20_001)}, {}, Answer.NO, "volumeChanged"),
        ({"rows": (50_000, 20_001)}, {"atMostShare": 3}, Answer.YES, "volumeKept"),
        ({"rows": (50_000, 4_001)}, {"atLeastShare": 0.4}, Answer.YES, "volumeKept"),
        ({"live": (49, 10_000)}, {}, Answer.UNKNOWN, "insufficientData"),
        ({"volume": spread(poorest=99)}, {"minimumRowsPerDay": 100}, Answer.NO, "tooFewRows"),
        ({"volume": spread(poorest=100)}, {"minimumRowsPerDay": 100}, Answer.YES, "volumeKept"),
        ({"volume": spread(*["2013-03-01"] * 4)}, {}, Answer.YES, "volumeKept"),
        ({"volume": spread(*["2013-03-01"] * 5)}, {}, Answer.NO, "daysWithoutRows"),
        ({"volume": spread(*["2013-03-01"] * 5)}, {"emptyDays": 0.1}, Answer.YES, "volumeKept"),
        ({"volume": spread(train=6, holdout=0)}, {}, Answer.UNKNOWN, "insufficientData"),
        ({"volume": spread(train=0, holdout=0)}, {"emptyDays": 1}, Answer.YES, "volumeKept"),
        ({"volume": spread(train=0, holdout=0)}, {"emptyDays": 1, "minimumRowsPerDay": 9}, Answer.UNKNOWN, "insufficientData"),
        ({"volume": spread(train=6, holdout=0)}, {"minimumDays": 6}, Answer.YES, "volumeKept"),
        ({"rows": (499, 10_000), "volume": spread(train=1, holdout=0)}, {}, Answer.NO, "tooFewRows"),
    ],
)
def test_rows_are_enough_as_many_as_before_and_on_every_day(seen, gate, answer, code):
    judgement = judged(**seen, **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.remedy or answer is Answer.YES


def test_a_window_that_grew_has_more_rows_and_is_no_change():
    build = of("candidate", 200_000)
    longer = replace(build, data=replace(build.data, train_from=build.data.train_from - 225 * DAY))
    candidate = a_candidate(build=longer, evidence=evidence(volume=spread()))
    gate = VolumeGate(type="volume")
    assert (
        gate.judge(facts(candidate=candidate, releases={"production": replace(a_release(), build=of("champion"))}), NOW).code
        == "volumeKept"
    )
    assert judged(rows=(200_000, 10_000)).code == "volumeChanged"


def test_the_message_has_both_numbers():
    assert "300 rows to learn from, at least 500 wanted" in judged(rows=(300, 10_000), live=None).message
    said = judged(rows=(7_500, 10_000)).message
    assert "; 100 rows a day to learn from, 666.7 in the live model's data, 333.3 to 1,333 wanted; " in said
    gaps = judged(spread(*(f"2013-03-0{day}" for day in range(1, 8)))).message
    assert "7 of 88 days without rows (2013-03-01, 2013-03-02, 2013-03-03, 2013-03-04, 2013-03-05 and 2 more), at most 5%" in gaps
