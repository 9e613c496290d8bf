"""Sentences on what the supplier does about deposited invoices, by the button Agir (CX360 to CX389).

Rule 1: what is about to be done is said before it is done: CX360 to CX363 are the lines of the preview.
Rule 2: an act in doubt is never to be made by hand meanwhile.
"""

from chorus_xl.messages.message import ERROR, WARNING, Message

_NOTES = "Notes sur l'API Chorus Pro et PISTE, "
_LOOKS = "pressez Agir ou Actualiser"


def replaces(number: str) -> str:
    """How the comment of a new invoice names the rejected one; also what recognises the new row."""
    return f"Remplace la facture {number}, rejetée"


SENT = {"file": "« {value} »", "comment": "commentaire « {value} »", "changed": "{column} {value}", "blank": "(vide)"}
"""The parts of what is about to be sent."""

PLANNED: tuple[Message, ...] = (
    Message(
        "CX360",
        "Compléter la facture {number}, suspendue : {sent}",
        "La facture garde son numéro et repart chez le destinataire.",
        source=_NOTES + "§3.8, lues en novembre 2026",
        severities=WARNING,
    ),
    Message(
        "CX361",
        "Prendre acte du rejet de la facture {number}",
        "Une nouvelle ligne est préparée sous le numéro {new_number} : elle attend sa date et son PDF.",
        why="Une facture rejetée ne sera jamais payée : elle se refait sous un nouveau numéro.",
        source=_NOTES + "§3.10, lues en novembre 2026",
        severities=WARNING,
    ),
    Message(
        "CX362",
        "Recycler la facture {number} : {changes}",
        "La facture garde son numéro et repart au statut Déposée.",
        source=_NOTES + "§3.9, lues en novembre 2026",
        severities=WARNING,
    ),
    Message(
        "CX363",
        "Préparer la ligne {new_number}, qui remplace la facture {number} rejetée",
        "Le rejet est déjà pris en compte ; rien ne part vers Chorus Pro.",
        severities=WARNING,
    ),
)

MISSING: tuple[Message, ...] = (
    Message(
        "CX364",
        "La facture {number} est suspendue et rien de nouveau n'est à envoyer ; motif du destinataire : « {reason} »",
        "Ajoutez le nom du fichier demandé dans « Pièces jointes », ou répondez dans « Commentaire », puis pressez "
        "Agir.",
        why="Seuls les fichiers dont le nom n'a pas encore été envoyé avec cette facture partent, et un commentaire "
        "seulement s'il a changé.",
        severities=ERROR,
    ),
    Message(
        "CX365",
        "La facture {number} est à recycler et la ligne dit encore ce qui a été déposé ; motif : « {reason} »",
        "Corrigez « Budget », « Marché » ou « N° engagement » selon le motif, puis pressez Agir.",
        severities=ERROR,
    ),
    Message(
        "CX367",
        "La ligne de la facture {number} ne permet pas encore d'agir",
        "Corrigez ce que disent les autres phrases de cette ligne, puis pressez Agir.",
        severities=ERROR,
    ),
    Message(
        "CX368",
        "La facture {number} n'est pas encore déposée sur Chorus Pro, ou nul ne sait encore si elle l'est",
        "Lisez la colonne « Dépôt » : pressez Déposer le lot, ou Actualiser si l'envoi est incertain.",
        severities=ERROR,
    ),
    Message(
        "CX369",
        "Le numéro {number} figure sur plusieurs lignes : laquelle dit ce qu'il faut envoyer est impossible à savoir",
        "Gardez la ligne de la facture, donnez un autre numéro à l'autre, puis pressez Agir.",
        severities=ERROR,
    ),
    Message(
        "CX379",
        "Aucune ligne ne porte le numéro {number}",
        "Vérifiez le numéro, tel qu'il est écrit dans la colonne « N° facture ».",
        severities=ERROR,
    ),
)

ENDS: tuple[Message, ...] = (
    Message(
        "CX370",
        "Chorus Pro a refusé ce geste pour la facture {number} : « {label} » (code {return_code})",
        "Corrigez la ligne si la réponse vous le dit, puis pressez Agir ; sinon, faites ce geste sur le portail.",
        why="Le texte cité est celui de Chorus Pro, mot pour mot. Le statut de la facture n'a pas changé par ce geste.",
        severities=ERROR,
    ),
    Message(
        "CX371",
        "Le geste pour la facture {number} n'est pas parti : rien n'est arrivé à Chorus Pro",
        "Vérifiez la connexion de ce PC, puis pressez Agir. Si cela dure, lancez Diagnostic.",
        severities=ERROR,
    ),
    Message(
        "CX372",
        "Le geste pour la facture {number} est parti, mais la réponse de Chorus Pro s'est perdue",
        f"Ne le refaites pas sur le portail : {_LOOKS} après {{time}}, qui regardera ce que Chorus Pro en a fait.",
        why="Une réponse perdue n'est pas un refus : le geste n'est jamais refait sans avoir regardé.",
        severities=ERROR,
    ),
    Message(
        "CX373",
        "Un geste est déjà en cours pour la facture {number}, par un autre poste ou une autre copie du classeur",
        "Attendez sa fin, puis pressez Actualiser.",
        severities=WARNING,
    ),
    Message(
        "CX374",
        "Le geste pour la facture {number} est déjà fait, et Chorus Pro montre encore le statut {status}",
        "Pressez Actualiser plus tard ; si cela dure plus d'un jour, regardez la facture sur le portail.",
        why="Les recherches de Chorus Pro peuvent avoir du retard. Un geste n'est fait qu'une fois par demande.",
        severities=WARNING,
    ),
    Message(
        "CX375",
        "Un geste précédent pour la facture {number} n'est pas encore vérifié",
        f"Ne le refaites pas sur le portail : {_LOOKS} après {{time}}, qui regardera ce que Chorus Pro en a fait.",
        severities=ERROR,
    ),
    Message(
        "CX376",
        "Chorus Pro ne montre plus la facture {number} : son statut d'aujourd'hui est inconnu, et rien n'est fait",
        "Cherchez-la sur le portail avec sa référence (colonne « Référence Chorus »), puis appelez l'assistance "
        "Chorus Pro.",
        severities=ERROR,
    ),
    Message(
        "CX377",
        "La facture {number} est au statut {status}, qui n'attend rien d'Agir",
        "Lisez « Statut Chorus » et « À faire », que cette pression a mis à jour.",
        severities=WARNING,
    ),
    Message(
        "CX378",
        "La facture {number} a été refusée au dépôt : « {label} » (code {return_code})",
        "Corrigez la ligne selon cette réponse, puis pressez Déposer le lot : son numéro reste utilisable.",
        severities=ERROR,
    ),
    Message(
        "CX380",
        "Le tableau n'a plus de ligne vide pour la facture {new_number}, qui remplace {number}",
        "Ajoutez une ligne au tableau et pressez Agir ; ou saisissez-la vous-même, avec « {mention} » en tête de "
        "« Commentaire ».",
        severities=ERROR,
    ),
    Message(
        "CX381",
        "La facture {number} est remplacée par {new_number}, préparée ligne {new_row}",
        "Donnez-lui sa date, son PDF et au besoin votre propre numéro, corrigez ce qui avait été rejeté, puis pressez "
        "Remplir, Contrôler et Déposer.",
        severities=WARNING,
    ),
)

SHEET: tuple[Message, ...] = (
    Message(
        "CX382",
        "Une ligne a été préparée pour refaire cette facture, sous le numéro {new_number}",
        "Annulez celle-ci dans votre gestion, puis complétez et déposez la nouvelle.",
        why="Une facture rejetée par le destinataire ne sera pas payée, et son numéro ne ressert pas.",
    ),
    Message(
        "CX383",
        "Un geste est parti pour cette facture, et sa réponse s'est perdue",
        "Ne le refaites pas sur le portail : pressez Actualiser, qui regardera ce que Chorus Pro en a fait.",
        why="Une réponse perdue n'est pas un refus : le geste n'est jamais refait sans avoir regardé.",
    ),
)

BATCH: tuple[Message, ...] = (
    Message(
        "CX384",
        "{environment} : {count} {count:geste|gestes} à faire",
        "OK pour agir, Annuler pour ne rien faire.",
    ),
    Message(
        "CX385",
        "Vous n'avez pas donné votre accord : aucun geste n'a été fait",
        "Pressez Agir quand vous serez prêt (commande : confirmez, ou ajoutez --yes).",
    ),
    Message(
        "CX386",
        "Agir s'est arrêté : Chorus Pro n'a pas répondu à {count} gestes de suite",
        "Les autres lignes sont comme avant. Pressez Agir dans quelques minutes.",
    ),
    Message(
        "CX387",
        "Agir a été interrompu à votre demande",
        "Les gestes faits sont notés, les autres attendent : pressez Agir pour continuer.",
    ),
)

MESSAGES = (*PLANNED, *MISSING, *ENDS, *SHEET, *BATCH)
