"""The ribbon tab: its buttons, declared once, and the two XML parts that Excel reads them from.

Rule 1: a button's callback and its function in ``chorus_xl/ribbon.py`` follow from one name; a test holds the callbacks
        against ``vba/ChorusRibbon.bas``.
Rule 2: both parts say the same but for their namespace. Excel 2010 and later reads the first; the second is for what
        keeps only the older one, such as openpyxl when it saves a copy.
Rule 3: French texts stand here, in UTF-8: VBA would keep them in a code page.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chorus_xl.build.package import Part

# Read on 2026-11-23 in public workbooks and add-ins, and how often: Microsoft's own list was not at hand.
ATTESTED_IMAGES = {
    "AcceptInvitation": 5,
    "DataValidation": 2,
    "FileCheckIn": 3,
    "FileSaveAsPdfOrXps": 7,
    "FillDown": 3,
    "Help": 10,
    "Info": 10,
    "MacroPlay": 10,
    "RefreshAll": 10,
}
"""Names of Office's own icons that others use, with the number of uses found (10: ten or more)."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the tab.

    Attributes:
        function: what it calls in ``chorus_xl/ribbon.py``.
        label: the words on it.
        keytip: the letter that presses it, after Alt and the tab's own.
        image: an icon of Office.
        screentip: the first line shown under the mouse.
        supertip: what it does, under that line.
    """

    function: str
    label: str
    keytip: str
    image: str
    screentip: str
    supertip: str

    @property
    def callback(self) -> str:
        """The public procedure of ``ChorusRibbon.bas``."""
        return "Chorus" + "".join(word.capitalize() for word in self.function.split("_"))

    def attributes(self) -> dict[str, str]:
        """The attributes of its element."""
        return {
            "id": f"btn{self.callback}",
            "label": self.label,
            "size": "large",
            "imageMso": self.image,
            "keytip": self.keytip,
            "screentip": self.screentip,
            "supertip": self.supertip,
            "onAction": self.callback,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """A titled group of buttons."""

    identity: str
    label: str
    buttons: tuple[Button, ...]


GROUPS = (
    Group(
        "grpPrepare",
        "Préparer",
        (
            Button(
                "fill",
                "Remplir",
                "R",
                "FillDown",
                "Remplir le SIRET et le code service",
                "Pour chaque ligne de Factures, écrit le SIRET et le code service du budget choisi. "
                "Vos colonnes ne changent pas. Rien ne part vers Chorus Pro.",
            ),
            Button(
                "validate",
                "Contrôler",
                "C",
                "AcceptInvitation",
                "Contrôler chaque facture",
                "Vérifie montants, numéros, dates, engagements et fichiers PDF. Chaque ligne devient Prête, À vérifier "
                "ou À corriger, avec ce qu'il faut faire dans Anomalies. Rien ne part vers Chorus Pro.",
            ),
        ),
    ),
    Group(
        "grpDeposit",
        "Déposer",
        (
            Button(
                "deposit",
                "Déposer le lot",
                "D",
                "FileCheckIn",
                "Déposer les factures prêtes sur Chorus Pro",
                "Annonce le nombre de factures, leur total et l'environnement, et attend votre accord. "
                "Une facture n'est jamais déposée deux fois, même après une coupure.",
            ),
        ),
    ),
    Group(
        "grpFollow",
        "Suivre",
        (
            Button(
                "refresh",
                "Actualiser",
                "A",
                "RefreshAll",
                "Lire les statuts sur Chorus Pro",
                "Met à jour le statut, le motif et le geste à faire de chaque facture déposée, lève les envois "
                "incertains et récrit la feuille Journal.",
            ),
            Button(
                "act",
                "Agir",
                "I",
                "MacroPlay",
                "Répondre à ce que demande le destinataire",
                "Complète les factures suspendues avec les pièces et le commentaire de leur ligne, prend acte des "
                "rejets et prépare la nouvelle ligne, recycle vers le budget corrigé. Annonce chaque geste et attend "
                "votre accord. Aucun geste n'est fait deux fois.",
            ),
        ),
    ),
    Group(
        "grpProve",
        "Preuve",
        (
            Button(
                "prove",
                "Dossier de preuve",
                "P",
                "FileSaveAsPdfOrXps",
                "Réunir la preuve de ce qui a été déposé",
                "Fait à côté du classeur un dossier daté : couverture et totaux de contrôle, PDF partis, échanges avec "
                "Chorus Pro, statuts, extrait du journal, empreintes. Rien ne part, rien n'est écrit dans le classeur.",
            ),
        ),
    ),
    Group(
        "grpHelp",
        "Aide",
        (
            Button(
                "check_budgets",
                "Vérifier les budgets",
                "B",
                "DataValidation",
                "Comparer Budgets à l'annuaire de Chorus Pro",
                "Dit pour chaque budget si son SIRET et ses services existent et si un engagement est exigé. "
                "Vos colonnes ne changent pas.",
            ),
            Button(
                "diagnose",
                "Diagnostic",
                "G",
                "Info",
                "Trouver ce qui empêche de travailler",
                "Vérifie l'installation, les réglages, les identifiants et la liaison avec Chorus Pro, "
                "et dit quoi faire. Aucun mot de passe n'est affiché.",
            ),
            Button(
                "show_help",
                "Aide",
                "H",
                "Help",
                "Ouvrir l'aide du classeur",
                "Calendrier, obligations, inscription, numéros utiles, sens de chaque statut et de chaque code.",
            ),
        ),
    ),
)

# ASSUMPTION: no tab of a French or English Excel has a key tip that starts with C, so that Alt, C, P opens this one.
_TAB = {"id": "tabChorus", "label": "Chorus Pro", "keytip": "CP", "insertAfterMso": "TabHome"}

# part, namespace, relationship
_FLAVOURS = (
    (
        "customUI/customUI14.xml",
        "http://schemas.microsoft.com/office/2009/07/customui",
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    ),
    (
        "customUI/customUI.xml",
        "http://schemas.microsoft.com/office/2006/01/customui",
        "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
    ),
)


def ribbon_parts() -> tuple[Part, ...]:
    """The two parts, to be added to the package."""
    return tuple(Part(name, _xml(namespace), "application/xml", link) for name, namespace, link in _FLAVOURS)


def _xml(namespace: str) -> bytes:
    custom_ui = Element("customUI", xmlns=namespace)
    tab = SubElement(SubElement(SubElement(custom_ui, "ribbon"), "tabs"), "tab", _TAB)
    for group in GROUPS:
        place = SubElement(tab, "group", id=group.identity, label=group.label)
        for button in group.buttons:
            SubElement(place, "button", button.attributes())
    indent(custom_ui)
    written: bytes = tostring(custom_ui, "utf-8", xml_declaration=True)
    return written
