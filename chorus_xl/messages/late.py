"""Sentences on late payment, and on workbooks that are too old to show it: CX443 to CX449."""

from chorus_xl.messages.message import WARNING, Message

_CODE = "Code de la commande publique, L2192-13, R2192-10 à R2192-36, lu le 23/11/2026"

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX443",
        "Le classeur « {file} » est d'une présentation ancienne ({found}, au lieu de {known}) : tout marche, sauf "
        "l'échéancier et la dernière commande sur Accueil",
        "Le mois prochain, partez d'un classeur neuf (chorus-xl new). L'historique des dépôts est dans le journal et "
        "vous suit.",
        why="La présentation 2 ajoute la colonne « Délai de paiement (jours) » à la feuille Budgets, trois colonnes au "
        "journal et deux tableaux à la feuille Accueil.",
        severities=WARNING,
    ),
    Message(
        "CX444",
        "Facture {number} ({budget}) : {days} de retard, échéance le {due}, {total} TTC ; indemnité "
        "{compensation}, intérêts à ce jour {interest}",
        "Vérifiez sur votre relevé qu'elle n'est pas payée, puis relancez le comptable public en citant ces montants.",
        why="Le délai court du jour où le destinataire dispose de la facture. Une suspension l'interrompt : un nouveau "
        "délai d'au moins trente jours s'ouvre quand la facture est complétée. Certains destinataires ne font pas "
        "remonter la mise en paiement : son absence ne prouve pas l'absence de paiement. Le taux est "
        "celui de la Banque centrale européenne au premier jour du semestre, plus huit points ; quand il n'est pas "
        "connu du programme, les intérêts ne sont pas calculés.",
        source=_CODE,
    ),
    Message(
        "CX445",
        "Facture {number} ({budget}) : payée le {paid}, {days} après l'échéance du {due}, {total} TTC ; "
        "indemnité {compensation}, intérêts {interest}",
        "L'indemnité et les intérêts sont dus sans demande, dans les quarante-cinq jours du paiement : réclamez-les au "
        "comptable public s'ils ne viennent pas.",
        source=_CODE,
    ),
    Message(
        "CX446",
        "« {value} » n'est pas un délai de paiement",
        "Choisissez 30, 50 ou 60 dans la liste, ou le délai plus court que prévoit le marché. Sans lui, aucun retard "
        "n'est calculé pour ce budget.",
        why="L'État, les collectivités et leurs établissements paient en 30 jours, les établissements de santé en 50, "
        "les autres entreprises publiques en 60.",
        source=_CODE,
        severities=WARNING,
    ),
)
