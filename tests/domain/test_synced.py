"""Folders that a service keeps in step are recognised, others are left alone."""

from collections.abc import Mapping
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from chorus_xl.domain.synced import synced_by


def recognised(folder: PurePath, variables: Mapping[str, str] = {}, *there: str) -> str:
    return synced_by(folder, variables, lambda path: str(path) in there)


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        (r"C:\Users\zoe\OneDrive\chorus", "OneDrive"),
        (r"C:\Users\zoe\OneDrive - Mairie de Belfort\Documents", "OneDrive"),
        (r"C:\Users\zoe\Dropbox\chorus", "Dropbox"),
        (r"C:\Users\zoe\Dropbox (Entreprise)\chorus", "Dropbox"),
        (r"G:\Mon Drive\chorus", "Google Drive"),
        (r"C:\Users\zoe\Google Drive\chorus", "Google Drive"),
        (r"C:\Users\zoe\iCloudDrive\chorus", "iCloud"),
        (r"C:\Users\zoe\Nextcloud\chorus", "Nextcloud"),
        (r"C:\Users\zoe\Box\chorus", "Box"),
        (r"C:\Users\zoe\kDrive\chorus", "kDrive"),
        (r"C:\Users\zoe\SharePoint - Compta\chorus", "SharePoint"),
        (r"C:\Users\zoe\AppData\Local\chorus-xl", ""),
        (r"C:\Boxes\dropboxes\chorus", ""),
        (r"C:\onedrivers\chorus", ""),
        (r"D:\Chorus", ""),
    ],
)
def test_a_name_on_a_windows_path(folder: str, service: str) -> None:
    assert recognised(PureWindowsPath(folder)) == service


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("/Users/zoe/Library/Mobile Documents/com~apple~CloudDocs/chorus", "iCloud"),
        ("/Users/zoe/Library/CloudStorage/OneDrive-Mairie/chorus", "OneDrive"),
        ("/Users/zoe/Library/CloudStorage/GoogleDrive-zoe@mairie.fr/chorus", "Google Drive"),
        ("/Users/zoe/Library/CloudStorage/Box-Box/chorus", "Box"),
        ("/Users/zoe/dropbox/chorus", "Dropbox"),
        ("/home/zoe/Nextcloud2/chorus", "Nextcloud"),
        ("/home/zoe/.local/share/chorus-xl", ""),
        ("/", ""),
    ],
)
def test_a_name_on_another_path(folder: str, service: str) -> None:
    assert recognised(PurePosixPath(folder)) == service


@pytest.mark.parametrize("name", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_onedrive_s_own_variables_count_whatever_its_folder_is_called(name: str) -> None:
    variables = {name: r"D:\Partage"}

    assert recognised(PureWindowsPath(r"d:\partage\chorus"), variables) == "OneDrive"
    assert recognised(PureWindowsPath(r"D:\Partage2\chorus"), variables) == ""
    assert recognised(PureWindowsPath(r"D:\Partage\chorus"), {name: ""}) == ""


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".dropbox.cache", "Dropbox"),
        (".tmp.drivedownload", "Google Drive"),
        (".nextcloudsync.log", "Nextcloud"),
        (".owncloudsync.log", "ownCloud"),
        (".stfolder", "Syncthing"),
    ],
)
def test_a_mark_left_in_a_folder_above(mark: str, service: str) -> None:
    assert recognised(PurePosixPath("/srv/partage/compta/chorus"), {}, f"/srv/partage/{mark}") == service
    assert recognised(PurePosixPath("/srv/compta/chorus"), {}, f"/srv/partage/{mark}") == ""
