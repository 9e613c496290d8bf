"""What an installation changed, kept in the home folder so that it can be taken back.

Rule 1: of a thing that was changed twice, the value before the first time is the one to go back to.
Rule 2: ``None`` as a value before means that there was none.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chorus_xl.errors import SetupError
from chorus_xl.install.machine import Values

NAME = "install.json"


@dataclass
class Receipt:
    """What was there before, and what was put there.

    Attributes:
        workbooks: SHA-256 of each copied workbook, by path.
        folders: made for them.
        conf: by key of xlwings' configuration, the value before and the value written.
        registry: by registry key, its values before and the values written.
    """

    workbooks: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    conf: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    registry: dict[str, tuple[Values | None, Values]] = field(default_factory=dict)

    def note_conf(self, key: str, before: str | None, written: str) -> None:
        """Note a change of the configuration."""
        known = self.conf.get(key)
        self.conf[key] = (known[0] if known and known[1] == before else before, written)

    def note_registry(self, key: str, before: Values | None, written: Values) -> None:
        """Note a change of the registry."""
        known = self.registry.get(key)
        self.registry[key] = (known[0] if known and known[1] == before else before, written)

    def save(self, home: Path) -> None:
        """Write it; an empty one leaves no file.

        Raises:
            OSError: it cannot be written.
        """
        path = home / NAME
        if self == Receipt():
            path.unlink(missing_ok=True)
        else:
            path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2), encoding="utf-8")


def read_receipt(home: Path) -> Receipt:
    """The receipt of this user; a blank one when nothing was installed.

    Raises:
        SetupError: it is there and cannot be read.
    """
    path = home / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Receipt(
            dict(content["workbooks"]),
            list(content["folders"]),
            {key: (before, written) for key, (before, written) in content["conf"].items()},
            {key: (before, written) for key, (before, written) in content["registry"].items()},
        )
    except FileNotFoundError:
        return Receipt()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError("CX569", path=str(path), detail=type(error).__name__) from None
