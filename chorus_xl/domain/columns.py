"""The sheet, declared: each table's columns with attribute, French header, kind and writer.

Rule 1: a header is spelled here and nowhere else; code speaks attributes, sheets and clerks speak headers.
Rule 2: the order of a tuple is the order on the sheet (design §2).
Rule 3: only a column whose writer is not ``CLERK`` may be written by the program, ``budgets check --accept`` apart, and
        the empty line on which Agir prepares the successor of a rejected invoice.
Rule 4: adding, renaming or removing a column raises ``LAYOUT`` and is told in CHANGELOG under *Sheet layout*.
Rule 5: what came with a later layout says so (``since``): a workbook of an earlier one may lack it, and still works.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

LAYOUT = 2
"""Number of the sheet's layout, kept in the workbook under the defined name ``chorus_layout``."""

OLDEST_LAYOUT = 1
"""Of the layouts that this program still works with."""

LAYOUT_NAME = "chorus_layout"


class Kind(StrEnum):
    """What a cell of the column holds."""

    CODE = "code"  # an identifier: text format, never a number
    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"  # a date with its time, Paris
    MONEY = "money"  # euros, two decimals
    QUANTITY = "quantity"
    DAYS = "days"  # a whole number of days
    RATE = "rate"  # a real percentage (0.2 shown as 20 %), or the word ``Multiple``
    CHOICE = "choice"


class Writer(StrEnum):
    """Who writes the column's cells."""

    CLERK = "clerk"
    FILL = "fill"
    VALIDATE = "validate"
    DEPOSIT = "deposit"  # Déposer and Actualiser
    CHECK = "check"  # Vérifier les budgets
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its three names on one line, as the field's own spec gives them.

    Attributes:
        since: the layout that it came with.
    """

    attribute: str
    header: str
    kind: Kind
    writer: Writer = Writer.CLERK
    width: int = 12  # characters
    choices: tuple[str, ...] = ()
    help: str = ""  # French, shown when the cell is entered
    since: int = OLDEST_LAYOUT


@dataclass(frozen=True, slots=True)
class TableSpec:
    """An Excel table: its name, the sheet it stands on, its columns in order."""

    name: str
    sheet: str
    columns: tuple[Column, ...]
    since: int = OLDEST_LAYOUT

    def column(self, attribute: str) -> Column:
        """The column of that attribute; a ``KeyError`` is our bug."""
        return _by_attribute(self)[attribute]

    def written_by(self, *writers: Writer) -> tuple[Column, ...]:
        """The columns that these writers write, in sheet order."""
        return tuple(column for column in self.columns if column.writer in writers)


@cache
def _by_attribute(spec: TableSpec) -> dict[str, Column]:
    return {column.attribute: column for column in spec.columns}


UNDER_CONTRACT = "Sur marché"
OUTSIDE_CONTRACT = "Hors marché"
INVOICE = "Facture"
CREDIT_NOTE = "Avoir"
SEVERAL_RATES = "Multiple"

_C, _T, _D, _M = Kind.CODE, Kind.TEXT, Kind.DATE, Kind.MONEY

INVOICES = TableSpec(
    "tblFactures",
    "Factures",
    (
        Column("budget", "Budget", Kind.CHOICE, width=36, help="Choisissez le budget destinataire dans la liste."),
        Column(
            "contract_scope",
            "Marché",
            Kind.CHOICE,
            width=12,
            choices=(UNDER_CONTRACT, OUTSIDE_CONTRACT),
            help="Sur marché : achat couvert par un marché public. Hors marché : bon de commande simple.",
        ),
        Column(
            "invoice_number",
            "N° facture",
            _C,
            width=20,
            help="20 caractères au plus : lettres sans accent, chiffres, - _ / +. Un numéro ne sert qu'une fois.",
        ),
        Column("issue_date", "Date", _D, width=11, help="Date d'émission de la facture, jj/mm/aaaa."),
        Column("invoice_type", "Type", Kind.CHOICE, width=9, choices=(INVOICE, CREDIT_NOTE)),
        Column("total_without_vat", "Montant HT", _M, width=12, help="En euros, deux décimales au plus."),
        Column(
            "vat_rate",
            "Taux TVA",
            Kind.RATE,
            width=9,
            help="Un pourcentage de la liste, ou Multiple : le détail par taux va alors dans la feuille Lignes.",
        ),
        Column("total_vat", "Montant TVA", _M, width=12, help="En euros, deux décimales au plus."),
        Column("total_with_vat", "Montant TTC", _M, width=12, help="HT + TVA, au centime."),
        Column("engagement_number", "N° engagement", _C, width=16, help="N° d'engagement ou de bon de commande."),
        Column("contract_number", "N° marché", _C, width=14, help="Attendu quand l'achat est sur marché."),
        Column(
            "pdf_file",
            "Fichier PDF",
            Kind.TEXT,
            width=22,
            help="Nom du fichier dans le dossier des PDF (feuille Paramètres), ou chemin complet.",
        ),
        Column(
            "attachments",
            "Pièces jointes",
            _T,
            width=20,
            help="Noms de fichiers séparés par des points-virgules.",
        ),
        Column(
            "original_invoice_number",
            "Facture d'origine",
            _C,
            width=20,
            help="Pour un avoir : la facture corrigée.",
        ),
        Column("comment", "Commentaire", _T, width=24, help="200 caractères au plus, lus par le destinataire."),
        Column("recipient_siret", "SIRET", _C, Writer.FILL, width=16),
        Column("service_code", "Code service", _C, Writer.FILL, width=26),
        Column("verdict", "Contrôle", _T, Writer.VALIDATE, width=13),
        Column("findings", "Anomalies", _T, Writer.VALIDATE, width=60),
        Column("deposit_state", "Dépôt", _T, Writer.DEPOSIT, width=16),
        Column("deposited_on", "Déposée le", _D, Writer.DEPOSIT, width=11),
        Column("chorus_reference", "Référence Chorus", _C, Writer.DEPOSIT, width=16),
        Column("chorus_status", "Statut Chorus", _T, Writer.DEPOSIT, width=40),
        Column("status_since", "Statut depuis le", Kind.MOMENT, Writer.DEPOSIT, width=16),
        Column("reason", "Motif", _T, Writer.DEPOSIT, width=36),
        Column("next_action", "À faire", _T, Writer.DEPOSIT, width=44),
    ),
)

LINES = TableSpec(
    "tblLignes",
    "Lignes",
    (
        Column("invoice_number", "N° facture", _C, width=16, help="Le N° facture de la feuille Factures."),
        Column("label", "Désignation", _T, width=40),
        Column("quantity", "Quantité", Kind.QUANTITY, width=10),
        Column("unit_price", "Prix unitaire HT", _M, width=14),
        Column("total_without_vat", "Montant HT", _M, width=12),
        Column("vat_rate", "Taux TVA", Kind.RATE, width=9),
        Column("total_vat", "Montant TVA", _M, width=12),
    ),
)

BUDGETS = TableSpec(
    "tblBudgets",
    "Budgets",
    (
        Column(
            "label",
            "Libellé",
            _T,
            width=34,
            help="Unique : c'est ce que propose la liste de la feuille Factures.",
        ),
        Column("body", "Collectivité", _T, width=30),
        Column("budget", "Budget", _T, width=20),
        Column("siret", "SIRET", _C, width=16, help="14 chiffres, cellule au format Texte."),
        Column("service_under_contract", "Service sur marché", _C, width=24),
        Column("service_outside_contract", "Service hors marché", _C, width=24),
        Column(
            "payment_days",
            "Délai de paiement (jours)",
            Kind.DAYS,
            width=18,
            choices=("30", "50", "60"),
            help="30 : État, collectivités et leurs établissements. 50 : hôpitaux. 60 : autres entreprises publiques. "
            "Vide : aucun retard n'est calculé.",
            since=2,
        ),
        Column("directory", "Répertoire", _T, Writer.CHECK, width=44),
        Column("service_required", "Service exigé", _T, Writer.CHECK, width=13),
        Column("engagement_required", "Engagement exigé", _T, Writer.CHECK, width=16),
        Column("checked_on", "Vérifié le", _D, Writer.CHECK, width=11),
        Column("remark", "Remarque", _T, Writer.CHECK, width=60),
    ),
)

JOURNAL = TableSpec(
    "tblJournal",
    "Journal",
    (
        Column("at", "Le", Kind.MOMENT, Writer.JOURNAL, width=19),
        Column("invoice_number", "N° facture", _C, Writer.JOURNAL, width=18),
        Column("change", "Changement", _T, Writer.JOURNAL, width=18, since=2),
        Column("event", "Événement", _T, Writer.JOURNAL, width=32),
        Column("status_before", "Statut précédent", _T, Writer.JOURNAL, width=40, since=2),
        Column("chorus_status", "Statut Chorus", _T, Writer.JOURNAL, width=40),
        Column("total_with_vat", "Montant TTC", _M, Writer.JOURNAL, width=13, since=2),
        Column("detail", "Détail", _T, Writer.JOURNAL, width=60),
        Column("chorus_reference", "Référence Chorus", _C, Writer.JOURNAL, width=16),
        Column("environment", "Environnement", _T, Writer.JOURNAL, width=14),
        Column("user", "Utilisateur", _T, Writer.JOURNAL, width=20),
        Column("hash", "Empreinte", _C, Writer.JOURNAL, width=68),
    ),
)

SETTINGS = TableSpec(
    "tblParametres",
    "Paramètres",
    (
        Column("name", "Paramètre", _T, width=34),
        Column("value", "Valeur", _T, width=44),
        Column("help", "Aide", _T, width=70),
    ),
)

PRESS = TableSpec(
    "tblPression",
    "Accueil",
    (
        Column("item", "Élément", _T, Writer.JOURNAL, width=18),
        Column("value", "Valeur", _T, Writer.JOURNAL, width=10),
    ),
    since=2,
)

PRESS_ITEMS = ("Commande", "Le", "Par", "Sur le PC", "Environnement", "Tête du journal")
"""The lines of ``tblPression``, always these."""

DUES = TableSpec(
    "tblEcheances",
    "Accueil",
    (
        Column("budget", "Budget", _T, Writer.JOURNAL, width=34),
        Column("invoice_number", "N° facture", _C, Writer.JOURNAL, width=14),
        Column("available_on", "Disponible le", _D, Writer.JOURNAL, width=14),
        Column("due_on", "Échéance légale", _D, Writer.JOURNAL, width=14),
        Column("days_late", "Jours de retard", Kind.DAYS, Writer.JOURNAL, width=14),
        Column("total_with_vat", "Montant TTC", _M, Writer.JOURNAL, width=14),
        Column("compensation", "Indemnité (€)", _M, Writer.JOURNAL, width=14),
        Column("interest", "Intérêts (€)", _M, Writer.JOURNAL, width=14),
        Column("rate", "Taux", Kind.RATE, Writer.JOURNAL, width=18),
        Column("remark", "Remarque", _T, Writer.JOURNAL, width=10),
    ),
    since=2,
)

TABLES: tuple[TableSpec, ...] = (INVOICES, LINES, BUDGETS, JOURNAL, SETTINGS, PRESS, DUES)
