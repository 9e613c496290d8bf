"""French words that are no sentences: counts, events, column heads of the terminal's tables.

Rule 1: the keys are the stable English names used in reports and in JSON.
"""

from datetime import timedelta

from chorus_xl.messages.counted import counted

COUNTS = {
    "rows": "ligne|lignes",
    "filled": "complétée|complétées",
    "to_complete": "à compléter|à compléter",
    "ready": "prête|prêtes",
    "to_check": "à vérifier|à vérifier",
    "to_correct": "à corriger|à corriger",
    "deposited": "déposée|déposées",
    "refused": "refusée|refusées",
    "in_doubt": "envoi incertain|envois incertains",
    "to_deposit": "à déposer|à déposer",
    "to_act": "demandant un geste|demandant un geste",
    "late": "en retard de paiement|en retard de paiement",
    "proved": "facture prouvée|factures prouvées",
    "proved_accepted": "acceptée|acceptées",
    "proved_refused": "refusée|refusées",
    "proved_in_doubt": "incertaine|incertaines",
    "proved_not_sent": "non partie|non parties",
    "files": "fichier joint|fichiers joints",
    "files_missing": "fichier manquant|fichiers manquants",
    "unpresented": "jamais présentée|jamais présentées",
    "bodies": "budget|budgets",
    "known": "connu du répertoire|connus du répertoire",
    "unknown": "inconnu du répertoire|inconnus du répertoire",
    "accepted": "SIRET remplacé|SIRET remplacés",
    "completed": "complétée sur Chorus Pro|complétées sur Chorus Pro",
    "acknowledged": "rejet pris en compte|rejets pris en compte",
    "recycled": "recyclée|recyclées",
    "prepared": "ligne préparée|lignes préparées",
    "unsettled": "geste incertain|gestes incertains",
    "planned": "geste prévu, pas encore fait|gestes prévus, pas encore faits",
    "left": "attendant un geste de vous|attendant un geste de vous",
}
"""One and several, for ``messages.counted``."""

EVENTS = {
    "intend": "Intention de dépôt",
    "accept": "Dépôt accepté",
    "refuse": "Dépôt refusé",
    "not_send": "Rien n'est parti",
    "lose": "Réponse perdue",
    "find": "Retrouvée sur Chorus Pro",
    "miss": "Pas encore retrouvée",
    "settle": "Absente de Chorus Pro",
    "contradict": "Contradiction",
    "release": "Libérée par une personne",
    "status": "Statut",
    "passage": "Passage (historique de Chorus Pro)",
    "exchange": "Échange avec Chorus Pro",
    "history": "Historique lu",
    "handled": "Rejet pris en compte",
    "note": "Remarque",
    "replace": "SIRET remplacé",
    "prepared": "Préparée",
    "released": "Libérée par un second regard",
    "act_intend": "Intention d'agir",
    "act_accept": "Geste accepté",
    "act_refuse": "Geste refusé",
    "act_not_send": "Geste : rien n'est parti",
    "act_lose": "Geste : réponse perdue",
    "act_find": "Geste vu sur Chorus Pro",
    "act_settle": "Geste absent de Chorus Pro",
    "replacement": "Nouvelle ligne préparée",
    "head_unknown": "Tête d'Accueil absente de ce journal",
}

LEFT_OUT = "Suite"
"""The event of the last line of the sheet ``Journal`` when older lines are not shown."""


def told_of_left_out(count: int) -> str:
    """What that line says."""
    older = counted(count, "ligne plus ancienne|lignes plus anciennes")
    return f"Non montré ici : {older}. Le journal les garde : chorus-xl journal export --out journal.xlsx les donne."


WHOM = {
    "body": "Interlocuteur : le service qui a passé la commande, ou le service comptable du destinataire.",
    "support": "Interlocuteur : l'assistance Chorus Pro (numéro dans la feuille Paramètres).",
    "piste": "Interlocuteur : la personne qui a raccordé votre entreprise à Chorus Pro et à PISTE.",
}

ACTS = {
    "complete": "Compléter",
    "acknowledge": "Prendre acte du rejet",
    "recycle": "Recycler",
}

REMARKS = {
    "delay": "délai de paiement inconnu : feuille Budgets",
    "available_on": "jour de mise à disposition inconnu : pressez Actualiser",
    "suspended": "délai interrompu : facture suspendue",
    "suspended_twice": "suspendue deux fois : échéance à établir avec le destinataire",
    "paid_on": "comptabilisée, jour de paiement inconnu",
    "rate": "taux du semestre inconnu : intérêts à calculer",
    "ordered": "mandatée : voyez d'abord votre relevé",
}
"""On a line of ``tblEcheances``; by ``domain.late.Unknown``, and for a payment that was ordered."""

COMMANDS = {
    "fill": "Remplir",
    "validate": "Contrôler",
    "deposit": "Déposer",
    "refresh": "Actualiser",
    "act": "Agir",
    "prove": "Dossier de preuve",
    "budgets check": "Vérifier les budgets",
}


def time_left(left: timedelta) -> str:
    """What a progress says of the time that is left, rounded up as people do."""
    seconds = 10 * max(1, -(-left // timedelta(seconds=10)))
    if seconds <= 90:  # noqa: PLR2004 - people say a minute and a half, and then two minutes
        return f"encore environ {seconds} s"
    minutes = -(-left // timedelta(minutes=1))
    if minutes <= 60:  # noqa: PLR2004 - an hour
        return f"encore environ {minutes} min"
    tens = -(-left // timedelta(minutes=10))
    return f"encore environ {tens // 6} h {tens % 6}0"
