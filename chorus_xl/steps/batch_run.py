"""Several calls with an effect, under way together: what stops one stops the batch, and what is under way is finished.

Rule 1: a call without an answer is counted; a few in a row and no other begins. Any answer starts the count again.
Rule 2: the first reason to stop is the one to be told.
Rule 3: nothing here knows what a call does: Déposer and Agir say so.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar

from chorus_xl.domain.findings import Finding
from chorus_xl.domain.invoice import Document
from chorus_xl.domain.lifecycle import LONGEST_START
from chorus_xl.errors import ChorusXlError, PlatformError
from chorus_xl.steps.office import Office, Surroundings
from chorus_xl.steps.ports import Clock, Journal, Platform
from chorus_xl.steps.reconcile import PATIENCE

T = TypeVar("T")


@dataclass(slots=True)
class Run:
    """One batch under way, shared by its workers.

    Attributes:
        now: aware time.
        stop: whether the clerk asked to stop.
        silence: the code that says that the platform does not answer.
        interruption: the code that says that the clerk stopped it.
        stopped: what cut the batch short.
        said: what there is to say of a row, by its number.
        skipped: how many were not begun.
    """

    around: Surroundings
    platform: Platform
    journal: Journal
    now: Clock
    stop: Callable[[], bool]
    silence: str
    interruption: str
    stopped: ChorusXlError | None = None
    said: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    skipped: int = 0
    _halted: bool = False
    _silences: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def may_go_on(self) -> bool:
        """Whether another call may start."""
        return not (self._halted or self.stop())

    def not_after(self) -> datetime:
        """When a call whose intent is committed from now on must have started; asked for before the intent."""
        return self.now() + LONGEST_START

    def heard(self, *, answer: bool) -> None:
        """Count calls without an answer; any answer starts the count again."""
        with self._lock:
            self._silences = 0 if answer else self._silences + 1
            if self._silences == PATIENCE:
                self.halt(PlatformError(self.silence, count=str(PATIENCE)))

    def load(self, references: Sequence[str]) -> list[Document]:
        """The files that are about to leave, each kept before it does.

        Raises:
            WorkbookError: one is gone or unreadable by now.
            JournalError: one cannot be kept, so nothing may be sent.
        """
        documents = [self.around.documents.load(reference) for reference in references]
        if self.around.archive is not None:
            for document in documents:
                self.around.archive.keep(document)
        return documents

    def halt(self, error: ChorusXlError) -> None:
        """Start no other call; the first reason is the one to be told."""
        if not self._halted:
            self._halted, self.stopped = True, error


def run_all(office: Office, run: Run, work: Callable[[T], None], items: Sequence[T], words: str) -> None:
    """Do the work for each item, in parallel; ``words`` tell the progress."""

    def begin(item: T) -> None:
        if not run.may_go_on:
            run.skipped += 1
            return
        try:
            work(item)
        except ChorusXlError as error:
            run.halt(error)

    with ThreadPoolExecutor(run.around.concurrency, thread_name_prefix="batch") as pool:
        futures = [pool.submit(begin, item) for item in items]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                office.progress(done, len(futures), words)
        finally:
            for future in futures:
                future.cancel()
    if run.skipped and run.stop():
        run.halt(PlatformError(run.interruption))
