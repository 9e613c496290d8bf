"""Sentences on a head that a journal does not hold, and on a journal without its guards: CX640 to CX649."""

from chorus_xl.messages.message import ERROR, Message

_WHICH = (
    "La fin du journal a été coupée, une copie plus ancienne a été remise, ou ce classeur a servi avec un autre "
    "journal (autre PC, répétition effacée)"
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX640",
        "La tête imprimée sur Accueil le {at} par {user} ({printed}) n'est pas dans ce journal, dont la dernière ligne "
        "est {head}",
        f"{_WHICH} : cherchez laquelle avant tout autre dépôt. Si le journal complet existe ailleurs, remettez-le en "
        "place ; sinon pressez Actualiser, qui recherche sur Chorus Pro ce que la feuille dit déposé. Gardez ces deux "
        "empreintes.",
        why="Chaque pression qui ouvre le journal imprime sa tête ; un journal qui continue la contient toujours. Le "
        "fait est inscrit une fois au journal, avant que la nouvelle tête ne remplace l'ancienne sur Accueil, et "
        "chorus-xl journal verify le redit.",
        severities=ERROR,
    ),
    Message(
        "CX641",
        "Le journal {journal} n'a plus tous les déclencheurs qui refusent de changer ou d'effacer une ligne : {names}",
        "Quelqu'un les a retirés ou changés : ne déposez rien, comparez la tête avec celles qui ont été imprimées "
        "(--head, --heads-from), puis remettez en place une sauvegarde saine, qui les contient.",
        why="La chaîne montre une ligne changée ou retirée au milieu, non une fin coupée : les déclencheurs empêchent "
        "de la couper.",
    ),
    Message(
        "CX642",
        "Ligne {sequence} du journal ({noted}, par {by}) : la tête imprimée sur Accueil le {at} par {user} ({printed}) "
        "n'y était pas, la dernière ligne étant {head}",
        f"{_WHICH} : dites par écrit laquelle, et gardez-le avec le journal. Cette ligne y reste.",
    ),
)
