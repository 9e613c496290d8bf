"""The French of a proof's own pages: cover, index, history, leaflet.

Rule 1: whoever reads them has never seen this program: no word of its own, no code, no English.
Rule 2: the heads of columns belong to the proof's format (``proof.contents``): a change of them raises its number.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from chorus_xl.domain.proof import Sum, Totals
from chorus_xl.domain.texts import day, euros
from chorus_xl.messages.counted import counted

TITLE = "Dossier de preuve"
SUBTITLE = "Factures déposées sur Chorus Pro"

BANNERS: Mapping[str, str] = {
    "repetition": "RÉPÉTITION : exercice sur une plateforme fictive. Aucune facture n'est partie vers l'État.",
    "qualification": "QUALIFICATION : essai sur la plateforme d'essai de l'État. Aucune facture n'est due.",
}

ENDINGS: Mapping[str, str] = {
    "accepted": "Acceptée",
    "refused": "Refusée",
    "in_doubt": "Incertaine",
    "contradicted": "Contradiction",
    "not_sent": "Non partie",
}

SUMS: Mapping[str, str] = {
    "sheet": "Factures du classeur, un numéro compté une fois",
    "unpresented": "moins : jamais présentées au dépôt",
    "prepared": "Préparées (intention inscrite au journal)",
    "not_sent": "moins : non parties",
    "sent": "Déposées (envoyées à Chorus Pro)",
    "accepted": "acceptées par Chorus Pro",
    "refused": "refusées par Chorus Pro",
    "in_doubt": "incertaines (réponse perdue, à rechercher)",
    "contradicted": "contradictions (autre facture sous ce numéro)",
}

INSTEAD_OF = "au lieu de"

COUNTED: Mapping[str, str] = {
    "sheet": "du classeur|du classeur",
    "unpresented": "jamais présentée|jamais présentées",
    "prepared": "préparée|préparées",
    "not_sent": "non partie|non parties",
    "sent": "déposée|déposées",
    "accepted": "acceptée|acceptées",
    "refused": "refusée|refusées",
    "in_doubt": "incertaine|incertaines",
    "contradicted": "contradiction|contradictions",
}

HOLDS = "Les totaux tombent juste, en nombre et en montant :"
FAILS = "LES TOTAUX NE TOMBENT PAS JUSTE : il y a un écart, en nombre ou en montant."

FACTS: Mapping[str, str] = {
    "supplier": "Fournisseur (SIRET)",
    "environment": "Plateforme",
    "scope": "Portée",
    "made": "Fait le",
    "by": "Fait par",
    "program": "Programme",
    "statuses": "Statuts",
    "files": "Fichiers",
    "head": "Tête du journal",
}

STATUSES = "tels que reçus jusqu'au {moment} ; Chorus Pro n'a pas été interrogé"
NO_STATUS = "aucun n'a été reçu ; Chorus Pro n'a pas été interrogé"
FILES = "{count} {count:fichier joint|fichiers joints}, {missing} {missing:manquant|manquants}"
HEAD = "ligne {sequence}, empreinte SHA-256 :"
SCOPES: Mapping[str, str] = {
    "sheet": "les factures du classeur",
    "numbers": "{count} {count:facture choisie par son|factures choisies par leur} numéro",
    "since": "les dépôts engagés depuis le {since}",
    "until": "les dépôts engagés jusqu'au {until}",
    "period": "les dépôts engagés du {since} au {until}",
}

ATTENTION = "À signaler"
NOTHING_TO_REPORT = "Rien : aucun fichier ne manque, aucune ligne du classeur ne dit autre chose que le dépôt."
MISSING = "Manque : {file} (facture {number}), empreinte {hash}"
UNHASHED = "inconnue"
UNPRESENTED = "Jamais présentées au dépôt, donc sans preuve : {numbers}"
OFF_SHEET = "Parties lors des mêmes envois, mais plus dans le classeur, donc sans preuve ici : {numbers}"
DIFFERS = "Facture {number} : le classeur dit maintenant « {now} », le dépôt disait « {deposited} » ({column})"
MORE = "… et {count} {count:autre|autres} : voir index.xlsx et totaux.json."

CHECKING = "Comment vérifier"
CHECKS = (
    "Sans programme : LISEZMOI.txt donne la commande de Windows, macOS ou Linux qui compare les fichiers à SHA256SUMS.",
    "Avec chorus-xl : « chorus-xl prove --verify DOSSIER » vérifie aussi la chaîne du journal, les PDF et les totaux.",
    "La tête du journal, imprimée ci-dessus, fixe tout ce qui la précède : gardez cette page, ou envoyez-la.",
)
LIST = "Liste des factures"
PAGE = "{title} - {siret} - page {page} sur {{nb}}"

COVER_COLUMNS = (
    "N° facture",
    "Date",
    "SIRET destinataire",
    "Montant TTC",
    "Issue",
    "Référence Chorus",
    "Statut Chorus Pro",
    "Empreinte du PDF",
)

INDEX: Mapping[str, str] = {
    "invoice_number": "N° facture",
    "issue_date": "Date",
    "invoice_type": "Type",
    "recipient_siret": "SIRET destinataire",
    "service_code": "Code service",
    "engagement_number": "N° engagement",
    "first_recipient": "Premier destinataire (SIRET, service, engagement)",
    "acts": "Gestes faits (Agir)",
    "total_with_vat": "Montant TTC (avoirs déduits)",
    "ending": "Issue",
    "chorus_invoice_id": "Référence Chorus",
    "deposited_on": "Déposée le",
    "chorus_status": "Statut Chorus (code)",
    "status_label": "Statut Chorus",
    "status_since": "Statut depuis le (Chorus Pro)",
    "heard_at": "Statut reçu le (Paris)",
    "status_comment": "Motif",
    "pdf_name": "Fichier PDF",
    "pdf_sha256": "Empreinte SHA-256 du PDF",
    "pdf_size": "Taille du PDF (octets)",
    "pdf_path": "Emplacement du PDF",
    "other_files": "Autres fichiers (emplacement, empreinte)",
    "other_sizes": "Tailles des autres fichiers (octets)",
    "folder": "Emplacement de la facture",
    "journal_lines": "Lignes du journal",
}
ABSENT = "MANQUE"
UNSIZED = "?"
ACT = "{act}, sur le statut {status}"
ACT_SINCE = " du {moment}"

HISTORY: Mapping[str, str] = {
    "sequence": "Ligne du journal",
    "event": "Événement (code)",
    "event_label": "Événement",
    "at": "Reçu le (UTC)",
    "at_paris": "Reçu le (Paris)",
    "status_since": "Horloge de Chorus Pro (Paris)",
    "chorus_status": "Statut (code)",
    "status_label": "Statut",
    "comment": "Motif",
    "by": "Par, chez Chorus Pro",
    "user": "Reçu par",
    "machine": "Sur le PC",
}

JOURNAL: Mapping[str, str] = {
    "sequence": "Ligne",
    "at": "Moment (UTC)",
    "environment": "Plateforme",
    "supplier_siret": "SIRET fournisseur",
    "invoice_number": "N° facture",
    "attempt": "Tentative",
    "event": "Événement (code)",
    "payload": "Contenu (JSON)",
    "user": "Utilisateur",
    "machine": "PC",
    "previous_hash": "Empreinte de la ligne précédente",
    "hash": "Empreinte",
}

CHAIN = ("Ligne", "Empreinte de la ligne précédente", "Empreinte")

LEAFLET = """\
DOSSIER DE PREUVE
{supplier} - {environment} - fait le {made}

Ce dossier montre ce qui a été déposé sur Chorus Pro, et ce qu'il en est advenu.
Il se lit et se vérifie sans le programme qui l'a fait.

CE QU'IL CONTIENT

00-Couverture.pdf          totaux de contrôle, ce qui manque, liste des factures
index.xlsx, index.csv      une ligne par facture
factures\\...               par facture : le PDF parti, depot.json (la demande et
                           la réponse de Chorus Pro, sans secret), historique.csv
journal.csv, journal.jsonl toutes les lignes du journal sur ces factures
chaine.csv                 la suite des empreintes du journal entier
totaux.json                les totaux de contrôle, pour un ordinateur
SHA256SUMS                 l'empreinte SHA-256 de chaque autre fichier

VÉRIFIER SANS AUCUN PROGRAMME

Ouvrez une fenêtre de commande dans ce dossier, puis :

  Windows (PowerShell) :
    gc SHA256SUMS | % {{ $h,$f = $_ -split '  ',2; if ((Get-FileHash $f).Hash -ne $h) {{ $f }} }}
    Rien ne doit s'afficher : ce qui s'affiche a été changé, ou manque.

  Windows (invite de commandes), un fichier à la fois :
    certutil -hashfile 00-Couverture.pdf SHA256
    Comparez à la ligne de SHA256SUMS (ouvrez-le avec le Bloc-notes).

  Linux :
    sha256sum -c --quiet SHA256SUMS

  macOS :
    shasum -a 256 -c SHA256SUMS

SHA256SUMS nomme {count} fichiers : un fichier de plus n'appartient pas au dossier.

VÉRIFIER AVEC CHORUS-XL

    chorus-xl prove --verify CE_DOSSIER

vérifie aussi que chaque ligne du journal porte sa juste empreinte et tient dans
la chaîne, que chaque PDF a l'empreinte notée avant son départ, et que les totaux,
l'index et l'historique disent ce que dit le journal.

CE QUE CELA PROUVE, ET NE PROUVE PAS

Une ligne du journal porte l'empreinte de toutes celles d'avant : qui en change
une change la tête ({head}).
Comparez cette tête, ou l'empreinte de SHA256SUMS, à celle que vous avez reçue
le jour même par un autre chemin (courriel, papier) : sans cela, un dossier refait
en entier ne se distinguerait pas de celui-ci.
Les statuts sont ceux que le fournisseur a reçus ; Chorus Pro reste seul à dire
où en est une facture aujourd'hui.
"""


def equations(sums: Totals, *, is_of_an_older_proof: bool = False) -> tuple[tuple[str, str], ...]:
    """The control totals spelled out: each equation in numbers of invoices and in amounts; one that fails says so.

    The cover of an older proof said « 1 acceptée(s) » where it says « 1 acceptée » now.
    """
    endings = [name for name in _ENDINGS if name != "contradicted" or sums.contradicted.count]
    sides = [("prepared", ("sent", "not_sent")), ("sent", endings)]
    if sums.sheet is not None:
        sides.insert(0, ("sheet", ("prepared", "unpresented")))
    named: dict[str, Sum] = {name: getattr(sums, name) or Sum() for name in SUMS}
    told = partial(_counted, named, is_of_an_older_proof)
    spelled = []
    for left, right in sides:
        total = sum((named[name] for name in right), Sum())
        count = "=" if total.count == named[left].count else INSTEAD_OF
        amount = "=" if total.cents == named[left].cents else INSTEAD_OF
        spelled.append(
            (
                f"{told(left)} {count} {' + '.join(map(told, right))}",
                f"{euros(named[left].cents)} {amount} {' + '.join(euros(named[name].cents) for name in right)}",
            )
        )
    return tuple(spelled)


def shown(column: str, value: str) -> str:
    """A value that was deposited, as the sheet shows it."""
    if column == "issue_date" and value:
        return day(date.fromisoformat(value))
    if column == "total_with_vat" and value:
        return euros(int(Decimal(value).scaleb(2)))
    return value or "(vide)"


def in_words(sums: Totals) -> str:
    """All of it on one line."""
    return " ; ".join(f"{numbers} ({amounts})" for numbers, amounts in equations(sums))


_ENDINGS = ("accepted", "refused", "in_doubt", "contradicted")


def _counted(named: Mapping[str, Sum], is_of_an_older_proof: bool, name: str) -> str:  # noqa: FBT001 - filled in once
    one, _, several = COUNTED[name].partition("|")
    if is_of_an_older_proof:
        return f"{named[name].count} {one if one == several else f'{one}(s)'}"
    return counted(named[name].count, COUNTED[name])
