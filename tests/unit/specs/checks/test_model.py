"""A model's name, features and protected columns."""

from tests.cases import each
from tests.specs import ROOT, a_repository, changed, edited, problems

MODEL = "models/flight-delay/model.yaml"


def test_no_model_takes_the_name_of_the_ledgers_branch():
    (said,) = problems(a_repository(**{"models/ledger/model.yaml": ROOT[MODEL].replace("name: flight-delay", "name: ledger")}))
    assert '"ledger" is taken: perennial/ledger is the branch of the record' in said


def test_a_model_without_features_is_refused():
    said = problems(
        changed((MODEL, "    numeric: [distance]\n", ""), (MODEL, "    categorical: [carrier]\n", "    numeric: []\n"))
    )
    assert said == [f"{MODEL}:13:5 spec.features: names no feature, so there is nothing to learn from"]


PROTECTS = "  protected: {}\n  task: binary"


@each(
    ("protected", "where", "message"),
    [
        ("[carrier, remark]", "[1]", '"remark" is not a column of dataset flights'),
        ("[remarks, remarks]", "[1]", 'the column "remarks" stands twice'),
        ("[delay]", "[0]", '"delay" is the label'),
        ("[departure]", "[0]", '"departure" is of type time'),
    ],
)
def test_protected_columns_make_groups(protected, where, message):
    (problem,) = problems(edited(MODEL, "  task: binary", PROTECTS.format(protected)))
    assert f"spec.protected{where}: {message}" in problem
