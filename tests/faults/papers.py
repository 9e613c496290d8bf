"""The PDFs of one world, in memory: each says no more than its number; some are away."""

from collections.abc import Collection
from hashlib import sha256

from chorus_xl.domain.files import FileFacts
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import WorkbookError


class Documents:
    """Fulfils ``Documents``."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def look(self, reference: str, *, read_text: bool) -> FileFacts:
        if reference in self.missing:
            return FileFacts(reference, reference, problem="missing")
        document = self._of(reference)
        text = f"Facture {reference.removesuffix('.pdf')}"
        return FileFacts(reference, reference, "", document.size, document.sha256, text)

    def load(self, reference: str) -> Document:
        if reference in self.missing:
            raise WorkbookError("CX190", file=reference)
        return self._of(reference)

    def find(self, hashes: Collection[str]) -> dict[str, str]:
        return {}

    def _of(self, reference: str) -> Document:
        content = f"%PDF-1.4 {reference}".encode()
        return Document(reference, content, sha256(content).hexdigest())
