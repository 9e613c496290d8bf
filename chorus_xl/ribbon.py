"""The ribbon's door: one function a button, the same steps as the command line, on the book that stands open in Excel.

Rule 1: a button runs one step on the book that it was pressed in, and tells its report in one dialog; it decides
        nothing else.
Rule 2: no traceback reaches Excel: every end is a French sentence, and the function returns normally, since RunPython
        shows whatever a failing process leaves.
Rule 3: whatever happens, the status bar is given back to Excel before anything is said.
Rule 4: a press pays for its own step: all but xlwings is imported inside, where a failing import is told as well.
"""

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

if TYPE_CHECKING:
    from chorus_xl.domain.remaining import Remaining
    from chorus_xl.settings import Settings
    from chorus_xl.steps.act_plan import ActPlan
    from chorus_xl.steps.office import Office, Plan, Report

gc.freeze()  # what xlwings brought lives to the end of the press: no collection need look through it again

_TITLE = "Chorus Pro"
_MOST_SENTENCES = 4  # a dialog that fills the screen is not read
_MOST_ACTS = 8  # as above, and still enough to agree to
_HELP_SHEET = "Aide"


def fill() -> None:
    """Remplir."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.fill import fill as step  # noqa: PLC0415 - see rule 4

        return step(press.office())

    _press(step)


def validate() -> None:
    """Contrôler."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.validate import validate as step  # noqa: PLC0415 - see rule 4

        return step(press.office())

    _press(step)


def deposit() -> None:
    """Déposer le lot: asks first."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.deposit import deposit as step  # noqa: PLC0415 - see rule 4

        return step(press.office(), press.may_deposit)

    _press(step)


def refresh() -> None:
    """Actualiser."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.refresh import refresh as step  # noqa: PLC0415 - see rule 4

        return step(press.office(time_passes=True))

    _press(step)


def act() -> None:
    """Agir: shows what it would do, and asks first."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.act import act as step  # noqa: PLC0415 - see rule 4

        return step(press.office(), press.may_act)

    _press(step)


def prove() -> None:
    """Dossier de preuve: a dated folder beside the workbook."""

    def work(book: xw.Book) -> str:
        from chorus_xl import bootstrap, proving  # noqa: PLC0415 - see rule 4
        from chorus_xl.domain.proof import Period  # noqa: PLC0415
        from chorus_xl.messages import sentence  # noqa: PLC0415

        press, settings = _Press(book), bootstrap.read_settings()
        office = press.furnished(settings)
        place = proving.free_place(_folder(book) or settings.home, office.now())
        report, seal = proving.make(office, Period(), place)
        return f"{press.told(report)}\n\n{sentence('CX660', {'path': str(place), 'hash': seal})}"

    _guarded(work)


def check_budgets() -> None:
    """Vérifier les budgets: what the directory says is written, no printed SIRET is replaced."""

    def step(press: "_Press") -> "Report":
        from chorus_xl.steps.check_budgets import check_budgets as step  # noqa: PLC0415 - see rule 4

        return step(press.office(), accept=False)

    _press(step)


def diagnose() -> None:
    """Diagnostic: this PC, the settings, the workbook and the way to Chorus Pro, a line each."""

    def look(book: xw.Book) -> str:
        from chorus_xl.diagnosis.examination import examine  # noqa: PLC0415 - see rule 4
        from chorus_xl.install import this_machine  # noqa: PLC0415

        examination = examine(this_machine(), _Press(book).furnished, book.name)
        return "\n".join(line.line() for line in examination.told)

    _guarded(look)


def show_help() -> None:
    """Aide: the leaflet in the workbook."""

    def turn_to(book: xw.Book) -> None:
        from chorus_xl.errors import WorkbookError  # noqa: PLC0415 - see rule 4

        for sheet in book.sheets:
            if sheet.name.casefold() == _HELP_SHEET.casefold():
                sheet.select()
                return
        raise WorkbookError("CX540", sheet=_HELP_SHEET, file=book.name)

    _guarded(turn_to)


def _press(step: "Callable[[_Press], Report]") -> None:
    """Run one step on the calling book and say what it did."""

    def work(book: xw.Book) -> str:
        press = _Press(book)
        return press.told(step(press))

    _guarded(work)


def _guarded(work: Callable[[xw.Book], str | None]) -> None:
    """Do the work on the calling book and say what it returns; this is one of the two last doors (see ``cli``)."""
    try:
        book = _caller()
    except Exception:  # noqa: BLE001 - no book, no dialog: RunPython shows what a failing process says
        from chorus_xl.messages import sentence  # noqa: PLC0415 - see rule 4

        sys.exit(sentence("CX541", {}))
    mode = "info"
    try:
        with _given_back(book):
            words = work(book)
    except Exception as error:  # noqa: BLE001 - the last door: a bug is told, never shown as a traceback
        words, mode = _words_of(error), "critical"
    if words:
        book.app.alert(words, title=_TITLE, mode=mode)


def _caller() -> xw.Book:
    name = next((word.removeprefix("--wb=").strip() for word in sys.argv if word.startswith("--wb=")), "")
    if "=" in name:  # xlwings 0.37.8 cuts the name there
        return xw.books[name]
    return xw.Book.caller()


@contextlib.contextmanager
def _given_back(book: xw.Book) -> Iterator[None]:
    """Excel's refusals in words, and its status bar its own again."""
    try:
        from chorus_xl.workbook.excel import in_words  # noqa: PLC0415 - see rule 4

        with in_words(book.name):
            yield
    finally:
        with contextlib.suppress(Exception):  # a busy Excel takes it back by itself when the macro ends
            book.app.status_bar = False


def _words_of(error: Exception) -> str:
    """A French sentence for whatever went wrong; a bug leaves its traceback in a file."""
    from chorus_xl import diagnosis  # noqa: PLC0415 - see rule 4
    from chorus_xl.errors import BugError, ChorusXlError, SetupError  # noqa: PLC0415
    from chorus_xl.messages import of_error  # noqa: PLC0415

    if isinstance(error, ChorusXlError):
        return of_error(error)
    if isinstance(error, ImportError):
        return of_error(SetupError("CX543", name=error.name or str(error), python=sys.executable))
    return of_error(BugError("CX901", kind=type(error).__name__, path=str(diagnosis.write_crash(error))))


@dataclass(slots=True)
class _Press:
    """One press of a button: the book, what is asked and what is told."""

    book: xw.Book
    cancelled: "Plan | None" = None
    _shown: tuple[str, int] = field(default=("", -1))
    _remaining: "Remaining | None" = None

    def office(self, *, time_passes: bool = False) -> "Office":
        """An office for the book, by the settings of this PC.

        Raises:
            WorkbookError: the book cannot be worked on as it stands in Excel.
            SetupError: a setting is wrong.
        """
        from chorus_xl import bootstrap  # noqa: PLC0415 - see rule 4

        return self.furnished(bootstrap.read_settings(), time_passes=time_passes)

    def furnished(self, settings: "Settings", *, time_passes: bool = False) -> "Office":
        """An office for the book.

        Raises:
            WorkbookError: the book cannot be worked on as it stands in Excel.
        """
        from chorus_xl import bootstrap  # noqa: PLC0415 - see rule 4
        from chorus_xl.errors import WorkbookError  # noqa: PLC0415
        from chorus_xl.workbook.live import LiveWorkbook  # noqa: PLC0415

        active = self.book.app.books.active.name
        if active != self.book.name:
            raise WorkbookError("CX530", active=active, file=self.book.name)
        folder = _folder(self.book)
        workbook = LiveWorkbook(self.book)
        workbook.refuse_if_read_only()
        return bootstrap.live_office(workbook, folder, settings, progress=self.progress, time_passes=time_passes)

    def progress(self, done: int, total: int, words: str) -> None:
        """Show in the status bar how far work is, once a hundredth: each word costs a call to Excel."""
        from chorus_xl import bootstrap  # noqa: PLC0415 - see rule 4
        from chorus_xl.domain.remaining import Remaining  # noqa: PLC0415
        from chorus_xl.messages.words import time_left  # noqa: PLC0415

        self._remaining = self._remaining or Remaining()
        left = self._remaining.after(done, total, words, bootstrap.now())
        shown = (words, done * 100 // max(total, 1))
        if shown != self._shown:
            self._shown = shown
            soon = f" – {time_left(left)}" if left else ""
            self.book.app.status_bar = f"{_TITLE} – {words} : {done} sur {total}{soon}"

    def may_deposit(self, plan: "Plan") -> bool:
        """Ask the clerk, with the count, the sum and the environment."""
        from chorus_xl.messages import sentence  # noqa: PLC0415 - see rule 4

        environment = plan.environment.label.upper()
        words = sentence("CX534", {"environment": environment, "count": str(plan.count), "total": plan.total})
        if not plan.directory_reached:
            words = f"{sentence('CX413', {})}\n\n{words}"
        if self.book.app.alert(words, title=f"{_TITLE} – {environment}", buttons="ok_cancel", mode="info") == "ok":
            return True
        self.cancelled = plan
        return False

    def may_act(self, plan: "ActPlan") -> bool:
        """Ask the clerk, with what would be done for each invoice."""
        from chorus_xl.messages import in_report, sentence  # noqa: PLC0415 - see rule 4
        from chorus_xl.messages.counted import counted  # noqa: PLC0415

        environment = plan.environment.label.upper()
        words = [sentence("CX384", {"environment": environment, "count": str(len(plan.lines))})]
        words += [f"– {in_report(line.told)}" for line in plan.lines[:_MOST_ACTS]]
        if len(plan.lines) > _MOST_ACTS:
            words.append(f"… et {counted(len(plan.lines) - _MOST_ACTS, 'autre|autres')}.")
        title = f"{_TITLE} – {environment}"
        return bool(self.book.app.alert("\n\n".join(words), title=title, buttons="ok_cancel", mode="info") == "ok")

    def told(self, report: "Report") -> str:
        """What the one dialog at the end says."""
        from chorus_xl.domain.findings import Severity  # noqa: PLC0415 - see rule 4
        from chorus_xl.messages import in_report, of_error, sentence  # noqa: PLC0415
        from chorus_xl.messages.counted import counted  # noqa: PLC0415
        from chorus_xl.messages.ribbon import ELSEWHERE  # noqa: PLC0415
        from chorus_xl.telling import summary_line  # noqa: PLC0415

        told = [summary_line(report)]
        if report.environment is not None:
            told[0] += f" ({report.environment.label})"
        if self.cancelled is not None:
            plan = self.cancelled
            told.append(sentence("CX535", {"environment": plan.environment.label, "count": str(plan.count)}))
        elif report.stopped is not None:
            told.append(of_error(report.stopped))
        if report.written.moved:
            told.append(sentence("CX542", {"rows": ", ".join(map(str, report.written.moved))}))
        findings = [*report.notices, *(finding for row in report.rows for finding in row.findings)]
        findings.sort(key=lambda finding: finding.severity is not Severity.ERROR)
        sentences = [in_report(finding) for finding in findings[:_MOST_SENTENCES]]
        waiting = [row for row in report.rows if row.values.get("next_action")]
        gestures = [f"{row.invoice_number} : {row.values['next_action']}" for row in waiting]
        shown = [*sentences, *gestures[: _MOST_SENTENCES - len(sentences)]]
        told += [f"– {words}" for words in shown]
        left = len(findings) + len(gestures) - len(shown)
        if left:
            told.append(f"… et {counted(left, 'autre|autres')}.")
        if shown:
            told.append(ELSEWHERE[report.command])
        return "\n\n".join(told)


def _folder(book: xw.Book) -> Path | None:
    """The folder that holds the book; ``None`` when Excel knows it by an address of the web only.

    Raises:
        WorkbookError: it was never saved.
    """
    from chorus_xl.errors import WorkbookError  # noqa: PLC0415 - see rule 4

    try:
        name = book.fullname  # for OneDrive and SharePoint xlwings looks for the folder that is kept in step
    except xw.XlwingsError:
        return None
    if "://" in name:
        return None
    if not Path(name).is_absolute():
        raise WorkbookError("CX531", file=book.name)
    return Path(name).parent
