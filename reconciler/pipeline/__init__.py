"""What the DVC stages run: snapshot, validate, train, evaluate, package. They measure; nothing is judged here."""
