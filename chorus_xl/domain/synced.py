"""Which service keeps a folder in step with other PCs, as far as its path and its neighbours tell.

Knows names and marks that the services leave; asks no service, and reads nothing itself.

Rule 1: what the service's own variable says is certain; then a mark that it leaves in its folder; then a folder's name.
Rule 2: a name counts whole, or followed by what the services put there (``OneDrive - Mairie``): ``Boxes`` is no Box.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath

_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Set by OneDrive for Windows to its folders."""

# ASSUMPTION: these are the marks that the services leave in the folders they keep in step; from their users' reports,
# the services document few of them.
_MARKS = (
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".stfolder", "Syncthing"),
)

_NAMES = tuple(
    (re.compile(rf"(?:{pattern})", re.IGNORECASE), service)
    for pattern, service in (
        (r"onedrive(?: ?-.*)?", "OneDrive"),
        (r"dropbox(?: ?\(.*\))?", "Dropbox"),
        (r"google ?drive(?:-.*)?|drivefs|my drive|mon drive", "Google Drive"),
        (r"icloud ?drive|iclouddrive|mobile documents|com~apple~clouddocs", "iCloud"),
        (r"nextcloud\d*", "Nextcloud"),
        (r"owncloud\d*", "ownCloud"),
        (r"box|box sync|box-box", "Box"),
        (r"kdrive\d*", "kDrive"),
        (r"sharepoint(?: ?-.*)?", "SharePoint"),
    )
)


def synced_by(folder: PurePath, variables: Mapping[str, str], exists: Callable[[PurePath], bool]) -> str:
    """The service that keeps the folder in step; ``""`` when nothing says so.

    Args:
        folder: absolute.
        variables: of the process.
        exists: whether a path is there, on disk.
    """
    above = (folder, *folder.parents)
    homes = [type(folder)(variables[name]) for name in _VARIABLES if variables.get(name)]
    if any(home in above for home in homes):
        return "OneDrive"
    for mark, service in _MARKS:
        if any(exists(each / mark) for each in above):
            return service
    for part in folder.parts:
        for pattern, service in _NAMES:
            if pattern.fullmatch(part):
                return service
    return ""
