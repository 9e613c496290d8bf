"""What the operating system says of a file or an address, in French.

Rule 1: known by its number, since its words depend on the system and its language; what is not known is shown raw.
Rule 2: a number has the name that the system gives it; not every system knows every name.
"""

import errno
from collections.abc import Mapping

_SAID: Mapping[str, str] = {
    "EACCES": "accès refusé",
    "EPERM": "accès refusé",
    "EROFS": "emplacement en lecture seule",
    "ENOSPC": "plus de place sur le disque",
    "EDQUOT": "plus de place : le quota de disque est atteint",
    "EFBIG": "fichier trop gros pour ce disque",
    "ENOENT": "fichier ou dossier introuvable",
    "ENOTDIR": "un des dossiers du chemin est un fichier",
    "EISDIR": "c'est un dossier",
    "EEXIST": "ce nom est déjà pris",
    "ENOTEMPTY": "ce dossier n'est pas vide",
    "EBUSY": "fichier en cours d'utilisation",
    "ETXTBSY": "fichier en cours d'utilisation",
    "ENAMETOOLONG": "nom trop long",
    "EINVAL": "nom ou valeur que le système n'accepte pas",
    "ELOOP": "liens qui tournent en rond",
    "EXDEV": "l'autre nom est sur un autre disque",
    "EMFILE": "trop de fichiers ouverts",
    "ENFILE": "trop de fichiers ouverts",
    "ENOMEM": "plus assez de mémoire",
    "EIO": "erreur de lecture ou d'écriture du disque",
    "ETIMEDOUT": "pas de réponse à temps",
    "EADDRINUSE": "adresse déjà occupée par un autre programme",
    "EADDRNOTAVAIL": "adresse qui n'est pas de ce PC",
    "ECONNREFUSED": "connexion refusée",
    "ENETUNREACH": "réseau hors d'atteinte",
    "EHOSTUNREACH": "machine hors d'atteinte",
}

_OF_WINDOWS: Mapping[int, str] = {
    32: "fichier ouvert dans un autre programme",  # ERROR_SHARING_VIOLATION
    33: "fichier verrouillé par un autre programme",  # ERROR_LOCK_VIOLATION
    39: "plus de place sur le disque",  # ERROR_HANDLE_DISK_FULL
    53: "chemin réseau introuvable",  # ERROR_BAD_NETPATH
    112: "plus de place sur le disque",  # ERROR_DISK_FULL
    206: "nom trop long",  # ERROR_FILENAME_EXCED_RANGE
}
"""Windows tells more than the number that Python makes of it."""


def in_french(error: OSError) -> str:
    """What went wrong.

    >>> in_french(PermissionError(errno.EACCES, "Permission denied")), in_french(OSError(9999, "Quota of the moon"))
    ('accès refusé', 'Quota of the moon')
    """
    windows = getattr(error, "winerror", None)
    said = _OF_WINDOWS.get(windows) if isinstance(windows, int) else None
    name = errno.errorcode.get(error.errno or 0, "").removeprefix("WSA")
    return said or _SAID.get(name) or error.strerror or str(error) or type(error).__name__
