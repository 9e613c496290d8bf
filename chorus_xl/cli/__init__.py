"""The command line: what the ribbon does, without Excel; for batches, servers and tests.

Rule 1: a command reads its words, furnishes an office, runs one step, tells its report; it decides nothing else.
Rule 2: this is one of the two places that turn exceptions into words; no traceback reaches a person.
Rule 3: ``--json`` puts one document on stdout; everything else goes to stderr.

``month`` holds what a clerk does each month, ``prove`` and ``audit`` what an auditor asks, ``pc`` what concerns this
PC; ``doing`` what they share; ``misuse`` what is said of a command line that none of them understands.
"""

import gc
import io
import sys
from typing import Any

import typer

from chorus_xl.cli import audit, misuse, month, pc, prove
from chorus_xl.cli.doing import say
from chorus_xl.errors import BugError, ChorusXlError, ExitCode, PlatformError, UsageError
from chorus_xl.messages import of_error


class _Commands(misuse.Group):
    """The commands; one that Ctrl-C cut short is told like any other end, where typer would leave without a word."""

    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - a type for which typer has no public name
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise PlatformError("CX450") from None


app = typer.Typer(
    cls=_Commands,
    help="Déposer les factures du mois sur Chorus Pro, depuis un classeur Excel.",
    no_args_is_help=True,
    add_completion=False,
    subcommand_metavar="COMMANDE [MOTS]...",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (month, prove, audit, pc):
    app.add_typer(room.app)
misuse.speak_french_in(app)

_ALLOCATIONS_A_COLLECTION = 100_000
"""How often cycles are looked for. At Python's own 700, a short command spends a tenth of its time on finding none:
what modules and columns are made of lives to its end."""


def main() -> None:
    """Run the command line; every way out is an exit code of design §3."""
    gc.set_threshold(_ALLOCATIONS_A_COLLECTION)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # ✓ into a file of Windows' own code page is a ?, not a crash
    try:
        code = app(prog_name="chorus-xl", standalone_mode=False)
    except ChorusXlError as error:
        sys.exit(_tell_error(error))
    except typer.Abort:
        sys.exit(_tell_error(UsageError("CX548")))
    except misuse.USAGE_ERROR as error:
        sys.exit(ExitCode.USAGE if misuse.shows_help(error) else _tell_error(misuse.in_words(error)))
    except Exception as error:  # noqa: BLE001 - the last door: a bug is told, never shown as a traceback
        sys.exit(_tell_error(_as_bug(error)))
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _tell_error(error: ChorusXlError) -> ExitCode:
    """Say what stopped the run; a script that asked for a document gets one."""
    say(of_error(error))
    if "--json" in sys.argv[1:]:
        from chorus_xl.telling import error_document, print_json  # noqa: PLC0415 - only when it happens

        print_json(error_document(error))
    return error.exit_code


def _as_bug(error: Exception) -> BugError:
    from chorus_xl import diagnosis  # noqa: PLC0415 - only when it happens

    path = diagnosis.write_crash(error)
    return BugError("CX901", kind=type(error).__name__, path=str(path))
