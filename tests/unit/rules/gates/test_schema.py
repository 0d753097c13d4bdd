"""Gate schema: columns against the contract, and features, label and categories against the live model's."""

from reconciler.domain.evidence import NOT_MEASURED, NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Changed, LiveSchema, Schema, SchemaChange, UnknownCategories
from reconciler.rules.gates.schema import SchemaGate
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

LIVE = a_release().digest
TEXT = Changed(kind=SchemaChange.RETYPED_COLUMN, column="distance", said="distance holds String, the contract says number")
GONE = Changed(kind=SchemaChange.REMOVED_FEATURE, column="origin", said="origin was category, now it is none")
EMPTY = Changed(kind=SchemaChange.EMPTIED_FEATURE, column="distance", said="distance is missing in all 900 newer rows")


def a_schema(*breaches, changes=(), unknown=0, rows=1000, before=0.0, champion=LIVE):
    categories = {"carrier": UnknownCategories(unknown=unknown, before=before)}
    live = LiveSchema(champion=champion, rows=rows, changes=tuple(changes), categories=categories)
    return Schema(columns=8, breaches=breaches, live=live)


def judged(schema, *, live=True, **gate):
    releases = {"production": a_release()} if live else {}
    seen = facts(candidate=a_candidate(evidence=evidence(schema=schema)), releases=releases)
    return SchemaGate.model_validate({"type": "schema"} | gate).judge(seen, NOW)


@each(
    ("schema", "gate", "answer", "code"),
    [
        (a_schema(), {}, Answer.YES, "schemaKept"),
        (a_schema(TEXT), {}, Answer.NO, "contractBroken"),
        (a_schema(TEXT, rows=0), {}, Answer.NO, "contractBroken"),
        (a_schema(TEXT), {"allow": ["retypedColumn"]}, Answer.YES, "schemaKept"),
        (a_schema(changes=[GONE]), {}, Answer.NO, "schemaChanged"),
        (a_schema(changes=[GONE], rows=0), {}, Answer.NO, "schemaChanged"),
        (a_schema(changes=[GONE]), {"allow": ["newFeature"]}, Answer.NO, "schemaChanged"),
        (a_schema(changes=[GONE]), {"allow": ["newFeature", "removedFeature"]}, Answer.YES, "schemaKept"),
        (a_schema(changes=[EMPTY]), {}, Answer.NO, "schemaChanged"),
        (a_schema(changes=[EMPTY], rows=199), {}, Answer.UNKNOWN, "insufficientData"),
        (a_schema(unknown=50), {}, Answer.YES, "schemaKept"),
        (a_schema(unknown=51), {}, Answer.NO, "newCategories"),
        (a_schema(unknown=300, before=0.26), {}, Answer.YES, "schemaKept"),
        (a_schema(unknown=51), {"newCategories": 0.1}, Answer.YES, "schemaKept"),
        (a_schema(unknown=199, rows=199), {}, Answer.UNKNOWN, "insufficientData"),
        (a_schema(unknown=9, rows=10), {"minimumRows": 10}, Answer.NO, "newCategories"),
        (a_schema(champion=a_release("old").digest), {}, Answer.UNKNOWN, "staleBaseline"),
        (Schema(columns=8, breaches=(), live=NoBaseline()), {}, Answer.UNKNOWN, "staleBaseline"),
        (
            Schema(columns=8, breaches=(), live=Missing(code="championNotComparable", why="x")),
            {},
            Answer.UNKNOWN,
            "championNotComparable",
        ),
        (NOT_MEASURED, {}, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_what_is_otherwise_refuses_unless_it_is_allowed(schema, gate, answer, code):
    judgement = judged(schema, **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.remedy or answer is Answer.YES


def test_a_first_release_is_held_to_the_contract_alone():
    assert judged(Schema(columns=8, breaches=(), live=NoBaseline()), live=False).code == "noBaseline"
    assert judged(Schema(columns=8, breaches=(TEXT,), live=NoBaseline()), live=False).code == "contractBroken"
    assert judged(a_schema(), live=False).code == "staleBaseline"


def test_the_message_has_both_numbers_and_names_the_change():
    assert judged(a_schema(changes=[GONE])).message == "1 changed, 0 wanted: origin was category, now it is none"
    assert "allow: [removedFeature]" in judged(a_schema(changes=[GONE])).remedy
    said = judged(a_schema(unknown=300, before=0.2)).message
    assert "in 300 of 1000 newer rows (10.0% more than in its training), at most 5.0% wanted" in said
