"""What the ribbon says by itself, of the workbook that is open in Excel and of Excel: ``CX530`` to ``CX559``.

Rule 1: Excel's own words (édition, ruban, onglet) are those of its French menus.
Rule 2: where nothing was written the sentence says so.
"""

from collections.abc import Mapping

from chorus_xl.messages.message import Message

_UNCHANGED = "Rien n'a été écrit dans le classeur."
_AGAIN = "puis pressez de nouveau le bouton."

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX530",
        "Le classeur actif est « {active} », et le bouton appartient à « {file} »",
        f"Cliquez dans « {{file}} », {_AGAIN}",
        why="Vous voyez toujours ce qui est écrit : un bouton ne travaille que sur le classeur qui est devant vous.",
    ),
    Message(
        "CX531",
        "Le classeur « {file} » n'a encore jamais été enregistré",
        "Enregistrez-le au format « Classeur Excel (prenant en charge les macros) (*.xlsm) », dans le dossier de vos "
        f"PDF, {_AGAIN}",
        why="Les PDF se cherchent dans le dossier du classeur, et un dépôt doit pouvoir y être gardé.",
    ),
    Message(
        "CX532",
        "Le classeur « {file} » est ouvert en lecture seule",
        f"{_UNCHANGED} Fermez-le partout où il est ouvert et rouvrez-le, ou pressez « Activer la modification » si ce "
        f"bandeau est affiché, {_AGAIN}",
        why="Ce qui serait écrit dans un classeur en lecture seule serait perdu à sa fermeture.",
    ),
    Message(
        "CX533",
        "Le classeur est ouvert depuis le web (OneDrive ou SharePoint) et le dossier des PDF vaut « {value} », qui "
        "n'est pas un chemin complet",
        "Écrivez le chemin complet du dossier de vos PDF (par exemple C:\\Factures\\Novembre) dans la feuille "
        "Paramètres, ligne « Dossier des PDF ».",
        why="Excel ne dit pas alors dans quel dossier de ce PC le classeur se trouve.",
    ),
    Message(
        "CX534",
        "{environment} : {count} {count:facture va être déposée|factures vont être déposées} sur Chorus Pro, pour "
        "un total de {total} TTC",
        "OK pour déposer, Annuler pour ne rien envoyer.",
    ),
    Message(
        "CX535",
        "Vous avez annulé le dépôt de {count} {count:facture|factures} vers l'environnement {environment}",
        "Rien n'a été déposé. Pressez Déposer le lot quand vous serez prêt.",
    ),
    Message(
        "CX536",
        "Excel est occupé : une cellule est en cours de saisie, ou une fenêtre attend une réponse dans « {file} »",
        f"{_UNCHANGED} Validez la saisie par Entrée (ou Échap), fermez la fenêtre, {_AGAIN}",
    ),
    Message(
        "CX537",
        "Excel a refusé de lire ou d'écrire dans le classeur « {file} »",
        f"{_UNCHANGED} Validez la saisie en cours, ôtez la protection de la feuille (onglet Révision), {_AGAIN}",
        why="Une feuille protégée, ou une cellule en cours de saisie, est la cause la plus courante.",
    ),
    Message(
        "CX538",
        "La ligne d'en-têtes du tableau « {table} » (feuille « {sheet} ») est masquée",
        f"Dans l'onglet Création de tableau, cochez « Ligne d'en-tête », {_AGAIN}",
        why="Les colonnes se reconnaissent à leur en-tête, puisqu'elles peuvent changer de place.",
    ),
    Message(
        "CX539",
        "Excel n'a pas gardé ce qui a été écrit dans la cellule {cell}",
        "Les cellules ont été remises comme elles étaient. Ôtez le filtre et la protection de la feuille, " + _AGAIN,
    ),
    Message(
        "CX540",
        "La feuille « {sheet} » manque dans le classeur « {file} »",
        "Annulez sa suppression ou son changement de nom, ou reprenez la dernière copie du classeur.",
    ),
    Message(
        "CX541",
        "Le classeur d'où le bouton a été pressé n'a pas été retrouvé dans Excel",
        f"Ne gardez qu'une fenêtre d'Excel ouverte, {_AGAIN}",
        why="Plusieurs Excel lancés séparément ne se voient pas toujours entre eux.",
    ),
    Message(
        "CX542",
        "Le classeur a changé pendant le travail : rien n'a été écrit sur les lignes {rows}",
        "Pressez de nouveau le même bouton.",
    ),
    Message(
        "CX543",
        "L'installation de chorus-xl est incomplète : il y manque « {name} »",
        "Réinstallez-le : {python} -m pip install --force-reinstall chorus-xl.",
        why="Une mise à jour interrompue, un antivirus ou un autre programme a pu retirer une partie de Python.",
    ),
)

ELSEWHERE: Mapping[str, str] = {
    "fill": "Pressez Contrôler : la colonne « Anomalies » les dira toutes.",
    "validate": "Voir la colonne « Anomalies » de la feuille Factures.",
    "deposit": "Voir les colonnes « Anomalies », « Motif » et « À faire » de la feuille Factures.",
    "refresh": "Voir les colonnes « Motif » et « À faire » de la feuille Factures.",
    "act": "Voir les colonnes « Motif » et « À faire » de la feuille Factures.",
    "prove": "La couverture et l'index du dossier le disent aussi.",
    "budgets check": "Voir la colonne « Remarque » de la feuille Budgets.",
}
"""By command: where the clerk reads what a dialog has no room for."""
