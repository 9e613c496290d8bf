"""A LibreOffice without a screen that opens the workbook and presses its buttons; runs under Debian's own Python.

Knows UNO and Basic. Refuses to know what a button does: the tests say what must stand in the cells afterwards.

Rule 1: one order a line on standard input, one answer a line on standard output, both JSON; at the end of the input
        LibreOffice is ended.
Rule 2: the modules of xlwings give way to ``STUB``: LibreOffice 7.4 cannot compile them, and one module that does not
        compile makes every function of its library return nothing, without a word.
Rule 3: a press answers with the command that RunPython was given; where no callback ran there is none.

Arguments: a folder of its own, and the command that ``RunPython`` starts (``launch`` of ``conftest``).
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, TypeAlias

import uno  # type: ignore[import-not-found]  # Debian's package python3-uno, for its own Python

Uno: TypeAlias = Any
"""An object of LibreOffice: UNO has no types for Python."""

MACROS_ALWAYS_RUN = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
ANY_CONTENT = 23  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas

# Waits with ``Wait``, which lets the Python process through to the cells. Gives up after 40 seconds.
STUB = """Option VBASupport 1
Function RunPython(command As String)
    Dim channel, code, round
    channel = FreeFile
    Open "{folder}/command" For Output As #channel
    Print #channel, command
    Close #channel
    Shell "{launch}", 0, "", False
    RunPython = -1
    For round = 1 To 800
        If FileExists("{folder}/done") Then
            channel = FreeFile
            Open "{folder}/done" For Input As #channel
            Line Input #channel, code
            Close #channel
            If code = "0" Then RunPython = 0
            Exit Function
        End If
        Wait 50
    Next
End Function

Sub Box(text, buttons, title)
    Dim channel
    channel = FreeFile
    Open "{folder}/box" For Output As #channel
    Print #channel, text
    Close #channel
End Sub

Function Pressed(callback As String)
    Select Case callback
{cases}
    End Select
    Pressed = "canary"
End Function
"""


class Office:
    """LibreOffice with one document at a time."""

    def __init__(self, folder: Path, launch: str) -> None:
        self.folder = folder
        self.launch = launch
        pipe = f"pipe,name={folder.name};urp;"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--norestore", f"--accept={pipe}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - ours
        self.document: Uno = None
        try:
            self.desktop = connect(pipe)
        except BaseException:
            self.kill()
            raise

    def open(self, path: str, callbacks: list[str]) -> list[str]:
        """Open a workbook instead of the one before; gives the names of its macro modules."""
        if self.document is not None:
            self.document.close(True)  # noqa: FBT003 - UNO has no names for arguments
        options = (option("Hidden", True), option("MacroExecutionMode", MACROS_ALWAYS_RUN))  # noqa: FBT003 - as above
        self.document = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, options)
        library = self.document.BasicLibraries.getByName("ChorusXl")
        modules = list(library.ElementNames)
        for name in ("xlwings", "Dictionary"):
            library.removeByName(name)
        cases = "\n".join(f'        Case "{name}": {name} Nothing' for name in callbacks)
        library.insertByName("Stub", STUB.format(folder=self.folder, launch=self.launch, cases=cases))
        return modules

    def hear_boxes(self) -> int:
        """Have the macros' own dialogs written down, which a LibreOffice without a screen swallows; gives how many."""
        library = self.document.BasicLibraries.getByName("ChorusXl")
        source = library.getByName("ChorusRibbon")
        library.removeByName("ChorusRibbon")
        library.insertByName("ChorusRibbon", source.replace(" MsgBox ", " Box "))
        return int(source.count(" MsgBox "))

    def press(self, callback: str) -> dict[str, str]:
        """Press a button; gives what the callback handed to RunPython, and what was left behind."""
        left = {name: self.folder / name for name in ("command", "done", "log", "box")}
        for path in left.values():
            path.unlink(missing_ok=True)
        place = "vnd.sun.star.script:ChorusXl.Stub.Pressed?language=Basic&location=document"
        canary, _, _ = self.document.ScriptProvider.getScript(place).invoke((callback,), (), ())
        told = {name: path.read_text("utf-8").strip() if path.exists() else "" for name, path in left.items()}
        return {"canary": str(canary), **told}

    def table(self, name: str) -> list[list[object]]:
        """A table as it stands, headers first: texts, and numbers (days since 1899-12-30 for dates)."""
        area = self.document.DatabaseRanges.getByName(name).DataArea
        sheet = self.document.Sheets.getByIndex(area.Sheet)
        cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        return [list(line) for line in cells.getDataArray()]

    def everything(self) -> dict[str, list[list[str]]]:
        """What every cell of every sheet holds, formulas as such."""
        held = {}
        for name in self.document.Sheets.ElementNames:
            cursor = self.document.Sheets.getByName(name).createCursor()
            cursor.gotoEndOfUsedArea(True)  # noqa: FBT003 - UNO has no names for arguments
            held[name] = [list(line) for line in cursor.getFormulaArray()]
        return held

    def type(self, sheet: str, cell: str, text: str) -> None:
        """Put a text into a cell."""
        self.document.Sheets.getByName(sheet).getCellRangeByName(cell).String = text

    def protect(self, sheet: str) -> None:
        """Protect a sheet, without a password."""
        self.document.Sheets.getByName(sheet).protect("")

    def state(self) -> dict[str, object]:
        """Which sheet is in front, and whether the screen is still."""
        front = self.document.CurrentController.ActiveSheet.Name
        return {"front": front, "still": self.document.hasControllersLocked()}

    def end(self) -> None:
        """End LibreOffice, whatever it is doing."""
        patience = threading.Timer(10, self.kill)
        patience.start()
        try:
            if self.document is not None:
                self.document.close(True)  # noqa: FBT003 - UNO has no names for arguments
            self.desktop.terminate()
        except Exception:  # noqa: BLE001 - it may be gone already, and then there is nobody to tell
            self.kill()
        self.process.wait()
        patience.cancel()

    def kill(self) -> None:
        """End LibreOffice and what it started: ``soffice`` itself is but a script."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def option(name: str, value: object) -> Uno:
    """An argument of loading."""
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def connect(pipe: str) -> Uno:
    """LibreOffice's desktop, as soon as it answers; 40 seconds at most."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(200):
        try:
            context = resolver.resolve(f"uno:{pipe}StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:  # noqa: BLE001 - UNO's NoConnectException has no class before UNO is there
            threading.Event().wait(0.2)
    raise TimeoutError("LibreOffice does not answer")


def main() -> None:
    """Take orders until there are no more."""
    office = Office(Path(sys.argv[1]), sys.argv[2])
    try:
        for line in sys.stdin:
            name, *arguments = json.loads(line)
            print(json.dumps(getattr(office, name)(*arguments)), flush=True)  # noqa: T201 - the answer
    finally:
        office.end()


if __name__ == "__main__":
    main()
