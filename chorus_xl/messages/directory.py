"""Sentences on what the directory of Chorus Pro says of a budget: CX348 to CX359."""

from chorus_xl.domain.parameters import Environment
from chorus_xl.messages.message import ERROR, WARNING, Message

_SOURCE = "Platform notes, §5 (structures/rechercher, consulter, rechercher/services), read 2026-11-23"

DIRECTORIES = {
    Environment.REHEARSAL: "la plateforme d'exercice de ce PC",
    Environment.QUALIFICATION: "la plateforme de qualification",
}
"""Whose word proves nothing of where a real invoice goes."""

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX348",
        "La réponse notée « {value} » ne vient pas du répertoire de l'environnement {environment} : elle a été effacée",
        "Pressez Vérifier les budgets.",
        why="Chaque environnement a son répertoire. Ce que la plateforme d'exercice ou de qualification connaît ne "
        "dit rien des destinataires de vos vraies factures ; une réponse sans environnement est d'une version plus "
        "ancienne du programme.",
        severities=WARNING,
    ),
    Message(
        "CX349",
        "La clé du SIRET {siret} est fausse ; {directory} connaît {candidate} ({name}), ce qui ne prouve rien pour vos "
        "vraies factures",
        "Rien n'est remplacé ici. Demandez le bon SIRET à la collectivité, ou relancez « Vérifier les budgets » une "
        "fois l'environnement sur Production.",
        why="La plateforme d'exercice et celle de qualification inventent des structures : seul le répertoire de "
        "Production confirme un destinataire.",
        source=_SOURCE,
        severities=ERROR,
    ),
    Message(
        "CX350",
        "Le répertoire de Chorus Pro ne connaît pas le SIRET {siret}",
        "Comparez-le avec un bon de commande récent, et corrigez-le dans la feuille Budgets.",
        source=_SOURCE,
        severities=ERROR,
    ),
    Message(
        "CX351",
        "La clé du SIRET {siret} est fausse ; le répertoire connaît {candidate} ({name})",
        "Si c'est bien votre destinataire, relancez « Vérifier les budgets » en acceptant les corrections "
        "(budgets check --accept).",
        why="Une notice peut porter un SIRET mal imprimé. Le programme propose, il ne remplace rien de lui-même.",
        source=_SOURCE,
        severities=ERROR,
    ),
    Message(
        "CX352",
        "Le SIRET {siret}, dont la clé est fausse, a été remplacé par {candidate} ({name}), connu du répertoire "
        "de Production",
        "Pressez Remplir pour reporter ce SIRET sur vos factures.",
        source=_SOURCE,
        severities=WARNING,
    ),
    Message(
        "CX353",
        "La clé du SIRET {siret} est fausse, et le répertoire ne tranche pas (candidats : {candidates})",
        "Demandez le bon SIRET à la collectivité, et corrigez-le dans la feuille Budgets.",
        source=_SOURCE,
        severities=ERROR,
    ),
    Message(
        "CX354",
        "Le code service « {service} » n'est pas un service actif du SIRET {siret} (services actifs : {known})",
        "Corrigez le code dans la feuille Budgets, ou demandez-le à la collectivité.",
        source=_SOURCE,
        severities=WARNING,
    ),
    Message(
        "CX355",
        "La structure {siret} ({name}) n'est plus active sur Chorus Pro",
        "Demandez à la collectivité le SIRET qui la remplace, et corrigez-le dans la feuille Budgets.",
        source=_SOURCE,
        severities=ERROR,
    ),
    Message(
        "CX356",
        "La réponse notée « {value} » n'est pas celle du SIRET {siret} : elle a été effacée",
        "Pressez Vérifier les budgets.",
        why="Un SIRET corrigé à la main n'hérite pas de ce que le répertoire disait de l'ancien : services et "
        "obligations changent avec lui.",
        severities=WARNING,
    ),
    Message(
        "CX357",
        "Le service « {service} » exige un numéro d'engagement",
        "Remplissez « N° engagement » sur chaque facture de ce service.",
        why="Un service peut l'exiger quand la structure ne l'exige pas : la colonne Engagement exigé ne parle que "
        "de la structure.",
        source=_SOURCE,
        severities=WARNING,
    ),
    Message(
        "CX358",
        "Ce que le répertoire disait du budget « {label} » date du {date} : c'est ancien",
        "Pressez Vérifier les budgets.",
        why="Après quatre-vingt-dix jours, un service peut avoir fermé. La réponse sert encore ; Déposer le lot "
        "interroge de toute façon le répertoire.",
        severities=WARNING,
    ),
    Message(
        "CX359",
        "Le SIRET {siret} exige un code service, et il n'y en a pas ici",
        "Complétez le code dans la feuille Budgets, ou demandez-le à la collectivité.",
        source=_SOURCE,
        severities=WARNING,
    ),
)
