"""``Aide``: the leaflet in the workbook, a category calculator, how to use the buttons, every status and message.

Rule 1: the leaflet's words and numbers stand as printed; what we add to them is said to be ours.
Rule 2: the sheet is written once, downwards; the table of contents points to what was written.
"""

from collections.abc import Callable, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.calculator import write_calculator
from chorus_xl.build.catalogues import write_messages, write_statuses
from chorus_xl.build.page import Page
from chorus_xl.build.styles import BAD, BOLD, GOOD, LINK, Look, Styles
from chorus_xl.build.tables import A3, NOTE_ROW, set_up_page, write_title
from chorus_xl.data import load
from chorus_xl.domain.budgets import candidate_sirets, seed, siret_problem

_WIDTHS = (52, 18, 40, 62, 62, 26)
_CENTERED: Look = {"align": "center"}
_DUE: Look = {**GOOD, "bold": True, "align": "center"}

_BUTTONS: Sequence[tuple[str, str, str, str]] = (
    (
        "Remplir",
        "chorus-xl fill",
        "Écrit SIRET et Code service",
        "D'après le budget et le marché choisis, tels qu'ils sont dans la feuille Budgets.",
    ),
    (
        "Contrôler",
        "chorus-xl validate",
        "Écrit Contrôle et Anomalies",
        "Prête : rien à redire. À vérifier : un doute, elle part si vous la laissez. À corriger : elle reste ici.",
    ),
    (
        "Déposer le lot",
        "chorus-xl deposit",
        "Dépose les factures prêtes",
        "Chaque numéro ne part qu'une fois, même si vous pressez deux fois ou si le PC s'éteint.",
    ),
    (
        "Actualiser",
        "chorus-xl refresh",
        "Lit les statuts, lève les doutes",
        "Un envoi incertain se règle ici, jamais en déposant de nouveau.",
    ),
    (
        "Agir",
        "chorus-xl act",
        "Complète, prend acte, recycle",
        "La ligne dit quoi envoyer : pièces, commentaire, budget, engagement. Une rejetée reçoit une autre ligne.",
    ),
    (
        "Dossier de preuve",
        "chorus-xl prove",
        "Réunit PDF, échanges, statuts",
        "Avec le journal et les totaux de contrôle, pour qui vérifie : lisible et vérifiable sans ce programme.",
    ),
    (
        "Vérifier les budgets",
        "chorus-xl budgets check",
        "Interroge le répertoire",
        "Remplit les colonnes grises de la feuille Budgets.",
    ),
    ("Diagnostic", "chorus-xl doctor", "Cherche ce qui bloque", "À lancer avant d'appeler l'assistance."),
)


def write_help(workbook: Workbook, sheet: Worksheet, styles: Styles) -> None:
    """Write the whole sheet."""
    note = "La notice de vos collectivités, le mode d'emploi, tous les statuts, tous les messages."
    write_title(sheet, styles, "Aide", note)
    sheet.hide_gridlines(2)
    first = NOTE_ROW + 2
    page = Page(workbook, sheet, styles, first + len(_PARTS), _WIDTHS)
    for row, (title, write_part) in enumerate(_PARTS, start=first):
        # One empty line before the heading, and Excel counts from 1.
        sheet.write_url(row, 0, f"internal:'{sheet.get_name()}'!A{page.row + 2}", styles(LINK), title)
        page.heading(title)
        write_part(page)
    sheet.freeze_panes(NOTE_ROW + 1, 0)
    sheet.print_area(0, 0, page.row, len(_WIDTHS) - 1)
    set_up_page(sheet, paper=A3, header_row=None)


def _what(page: Page) -> None:
    page.lines(
        "Chorus est la plateforme sur laquelle se déposent, sous forme électronique, les factures adressées à l'État "
        "et aux collectivités territoriales.",
        "Pourquoi : des économies (affranchissement, papier, stockage), des délais de paiement plus courts, "
        "la traçabilité et le suivi en ligne.",
    )


def _concerned(page: Page) -> None:
    calendar = dict(load("obligations")["calendar"])
    page.lines("Oui, toutes les entreprises, selon ce calendrier (catégorie au sens de l'INSEE) :")
    page.header("Catégorie", *(str(year) for year in calendar.pop("years")))
    for name, years in calendar.items():
        looks = {at: _DUE if word == "Obligatoire" else _CENTERED for at, word in enumerate(years, start=1)}
        page.cells(name, *years, looks=looks)
    page.lines("https://www.insee.fr/fr/information/1730869")
    page.row += 1
    write_calculator(page)


def _register(page: Page) -> None:
    page.lines("Comment s'inscrire :", look=BOLD)
    page.lines("https://communaute.chorus-pro.gouv.fr/documentation/premiers-pas-sur-chorus-pro")
    page.lines("Où déposer :", look=BOLD)
    page.lines(
        "https://chorus-pro.gouv.fr",
        "ou par un logiciel de facturation raccordé à Chorus (à vérifier auprès de son éditeur), comme ce classeur.",
    )
    page.lines("Que faut-il :", look=BOLD)
    page.lines(
        "« Toutes les références sont sur les bons de commandes. »",
        "Codes service : FACTURES_SUR_MARCHE et FACTURES_HORS_MARCHE. La notice n'en dit pas plus ; nous lisons : "
        "achat couvert par un marché public, et tous les autres.",
    )


def _sirets(page: Page) -> None:
    budgets = seed(load("budgets"))
    page.lines(
        "Tels qu'imprimés ; la notice ne nomme pas les trois groupes. "
        "Deux numéros ne passent pas le contrôle de la clé : ce classeur n'envoie rien vers eux."
    )
    page.header("Budget", "SIRET imprimé", "Clé", "Remarque")
    for budget in budgets:
        sound = siret_problem(budget.siret) is None
        candidates = ", ".join(map(_spaced, candidate_sirets(budget, budgets)))
        remark = (
            f"Candidat dont la clé est juste : {candidates}. C'est une lecture, pas un fait : "
            "à confirmer par le répertoire de Chorus Pro ou par la collectivité."
        )
        key, look = ("✓ juste", GOOD) if sound else ("✗ fausse", BAD)
        page.cells(budget.label, _spaced(budget.siret), key, "" if sound else remark, looks={2: look})


def _hotline(page: Page) -> None:
    page.lines(
        "https://communaute.chorus-pro.gouv.fr",
        "Assistance de Chorus : 04 77 78 39 57, du lundi au vendredi, de 8 h 30 à 18 h 30 (d'après la notice, "
        "vers 2019 : à vérifier ; modifiable dans Paramètres).",
        "Le code QR de la notice mène à sa version en ligne.",
    )


def _workbook(page: Page) -> None:
    page.header("Bouton", "Commande", "Ce qu'il fait", "À savoir")
    for line in _BUTTONS:
        page.cells(*line)


_PARTS: Sequence[tuple[str, Callable[[Page], None]]] = (
    ("Chorus : quoi et pourquoi", _what),
    ("Mon entreprise est-elle concernée ?", _concerned),
    ("Comment s'inscrire, où déposer, que faut-il ?", _register),
    ("Les SIRET de la notice", _sirets),
    ("Et si j'ai un problème ?", _hotline),
    ("Se servir de ce classeur", _workbook),
    ("Les statuts de Chorus Pro", write_statuses),
    ("Les messages de ce classeur", write_messages),
)


def _spaced(siret: str) -> str:
    """A SIRET as printed: 200 069 052 00013."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
