"""A store for tests: names and contents in memory."""


class FakeStore:
    """Keeps everything that is put, in `contents`."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """What is stored under the name, or None."""
        return self.contents.get(name)

    def put(self, name: str, content: bytes) -> None:
        """Store it, if nothing is stored there."""
        self.contents.setdefault(name, content)
