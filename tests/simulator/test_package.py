import ast
import subprocess
import sys
from pathlib import Path

import pytest
from stdnum.fr import siret as siret_key

import chorus_xl.simulator
from chorus_xl.simulator import SUPPLIER_SIRET, app, shapes

PACKAGE = Path(chorus_xl.simulator.__file__).parent
ALLOWED = {*sys.stdlib_module_names, "starlette", "uvicorn", "stdnum"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    return names


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_the_stand_in_shares_nothing_with_the_client(path: Path) -> None:
    foreign = {
        name
        for name in imported(path)
        if not name.startswith("chorus_xl.simulator") and name.partition(".")[0] not in ALLOWED
    }

    assert foreign == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert 3 <= len(str(ast.get_docstring(ast.parse(text))).splitlines()) <= 20
    assert len(text.splitlines()) <= 250


def test_the_constants_come_without_the_web_server() -> None:
    code = "import sys, chorus_xl.simulator as s; s.SUPPLIER_SIRET; s.load_faults; print('uvicorn' in sys.modules)"
    ran = subprocess.run(  # noqa: S603  # our own program, fixed arguments
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert ran.stdout == "False\n"


def test_every_public_name_exists() -> None:
    assert all(getattr(chorus_xl.simulator, name) for name in chorus_xl.simulator.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = chorus_xl.simulator.nothing


def test_the_supplier_s_siret_is_sound_and_fictitious() -> None:
    assert siret_key.is_valid(SUPPLIER_SIRET)
    assert SUPPLIER_SIRET.startswith("000000000")


def test_every_operation_has_a_shape_and_a_handler() -> None:
    assert app.HANDLERS.keys() == shapes.SHAPES.keys()
