import pytest

from chorus_xl.simulator.refusals import Refusal
from tests.simulator.caller import UPLOAD, Caller

LARGEST = 10 * 1024 * 1024


def test_a_file_gets_an_id(caller: Caller) -> None:
    assert caller.upload().json() == {"codeRetour": 0, "libelle": "GCU_MSG_01_000", "pieceJointeId": 7700101}


def test_a_name_of_50_characters_passes_and_one_more_is_400(caller: Caller) -> None:
    assert caller.upload(name="n" * 46 + ".pdf").status_code == 200
    assert caller.upload(name="n" * 47 + ".pdf").status_code == 400


def test_ten_megabytes_pass_and_one_byte_more_is_413(caller: Caller) -> None:
    assert caller.upload(b"x" * LARGEST).status_code == 200
    assert caller.upload(b"x" * (LARGEST + 1)).status_code == 413


@pytest.mark.parametrize(
    ("content", "name", "extension", "code"),
    [
        pytest.param(b"x", "a.pdf", "pdf", 0, id="lower case"),
        pytest.param(b"x", "a.xlsx", "XLSX", 0, id="another kind"),
        pytest.param(b"x", "a.exe", "EXE", Refusal.EXTENSION_REFUSED.code, id="a program"),
        pytest.param(b"x", "a.pdf", ".pdf", Refusal.EXTENSION_REFUSED.code, id="with its dot"),
        pytest.param(b"x", "facture", "PDF", Refusal.EXTENSION_REFUSED.code, id="a name without extension"),
        pytest.param(b"", "a.pdf", "PDF", Refusal.FILE_EMPTY.code, id="empty"),
    ],
)
def test_extensions_and_contents(caller: Caller, content: bytes, name: str, extension: str, code: int) -> None:
    assert caller.upload(content, name, extension).json()["codeRetour"] == code


@pytest.mark.parametrize("content", ["data:application/pdf;base64,QUJD", "QUJ", "é"])
def test_what_is_not_base64_is_400(caller: Caller, content: str) -> None:
    body = {
        "pieceJointeFichier": content,
        "pieceJointeNom": "a.pdf",
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeExtension": "PDF",
    }

    assert caller.post(UPLOAD, body).status_code == 400
