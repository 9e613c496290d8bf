"""The stand-in of Chorus Pro alone on a port, on the state that rehearsals use."""

from collections.abc import Callable
from pathlib import Path

from chorus_xl import bootstrap
from chorus_xl.errors import SetupError
from chorus_xl.messages.system import in_french


def serve_stand_in(host: str, port: int, faults: Path | None, say: Callable[[str], None]) -> None:
    """Serve the stand-in until Ctrl-C, on the state that rehearsals use.

    Raises:
        SetupError: the fault script cannot be used, or the address is taken.
    """
    from chorus_xl import simulator  # noqa: PLC0415 - starlette and uvicorn are paid for here

    settings = bootstrap.read_settings()
    try:
        script = simulator.load_faults(faults) if faults else None
    except OSError as error:
        raise SetupError("CX523", path=str(faults), detail=in_french(error)) from None
    except ValueError as error:
        raise SetupError("CX523", path=str(faults), detail=str(error)) from None

    def ready(url: str) -> None:
        say(f"Plateforme d'exercice ouverte : {url} (Ctrl-C pour arrêter)")
        say(f"CHORUS_XL_OAUTH_URL={url}/api/oauth/token")
        say(f"CHORUS_XL_API_URL={url}")
        say(f"CHORUS_XL_CLIENT_ID={simulator.CLIENT_ID}")
        say(f"CHORUS_XL_CLIENT_SECRET={simulator.CLIENT_SECRET}")
        say(f"CHORUS_XL_TECH_LOGIN={simulator.TECH_LOGIN}")
        say(f"CHORUS_XL_TECH_PASSWORD={simulator.TECH_PASSWORD}")

    siret = settings.text("supplier_siret") or None
    try:
        simulator.serve(host, port, bootstrap.rehearsal_state(settings), script, supplier_siret=siret, on_ready=ready)
    except OSError as error:
        raise SetupError("CX525", host=host, port=str(port), detail=in_french(error)) from None
