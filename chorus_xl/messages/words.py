"""French words that are no sentences: counts, events, column heads of the terminal's tables.

Rule 1: the keys are the stable English names used in reports and in JSON.
"""

COUNTS = {
    "rows": "lignes",
    "filled": "complétées",
    "to_complete": "à compléter",
    "ready": "prêtes",
    "to_check": "à vérifier",
    "to_correct": "à corriger",
    "deposited": "déposées",
    "refused": "refusées",
    "in_doubt": "envois incertains",
    "to_deposit": "à déposer",
    "to_act": "demandant un geste",
    "bodies": "budgets",
    "known": "connus du répertoire",
    "unknown": "inconnus du répertoire",
    "accepted": "SIRET remplacés",
}

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
    "note": "Remarque",
    "replace": "SIRET remplacé",
}

COMMANDS = {
    "fill": "Remplir",
    "validate": "Contrôler",
    "deposit": "Déposer",
    "refresh": "Actualiser",
    "budgets check": "Vérifier les budgets",
}
