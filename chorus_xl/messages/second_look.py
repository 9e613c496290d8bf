"""What a second pair of eyes has to say (``steps.second_look``): CX680–CX689."""

from chorus_xl.messages.message import ERROR, Message

_WHY = (
    "Le paramètre « Second regard » est sur Oui : une personne prépare le lot avec Contrôler, une autre le libère en "
    "saisissant le total de contrôle, calculé de son côté. Le journal garde les deux noms et l'empreinte des lignes."
)

MESSAGES = (
    Message(
        "CX680",
        "La facture « {number} » n'a été préparée par personne",
        "Lancez Contrôler : la personne qui le lance est celle qui prépare. Une autre dépose ensuite.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX681",
        "La facture « {number} » a changé depuis que {by} l'a préparée",
        "Relancez Contrôler, puis faites déposer par une autre personne : toute retouche annule la préparation.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX682",
        "La facture « {number} » a été préparée par {by}, qui ne peut pas aussi la libérer",
        "Demandez à une autre personne, sous sa propre session, de saisir le total de contrôle et de lancer Déposer.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX683",
        "Le total de contrôle manque : {count} {count:facture attend|factures attendent} un second regard",
        "Additionnez les montants TTC de vos pièces (avoirs déduits), saisissez ce total dans Paramètres, ligne "
        "« Total de contrôle », puis relancez Déposer.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX684",
        "Le total de contrôle « {value} » ne se lit pas comme un montant",
        "Écrivez-le en euros, par exemple 12 345,60, dans Paramètres, ligne « Total de contrôle ».",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX685",
        "Le total de contrôle {value} n'est pas celui {count:de la facture|des {count} factures} à libérer",
        "Rien n'est parti. Refaites l'addition sur vos pièces et comparez-les avec la feuille Factures : un montant, "
        "ou une ligne, n'est pas celui que vous attendez.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX686",
        "La facture « {number} » ou un de ses fichiers a changé au moment de partir",
        "Rien n'est parti pour elle. Relancez Contrôler, puis faites libérer le lot de nouveau.",
        _WHY,
        severities=ERROR,
    ),
    Message(
        "CX687",
        "Le réglage second_look vaut « {value} » ({place}) : ce n'est ni oui ni non",
        "Corrigez-le, ou retirez-le : la feuille Paramètres décide alors.",
    ),
)
