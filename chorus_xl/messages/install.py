"""Sentences of ``install``, ``login`` and ``doctor``: CX550 to CX552, and CX560 to CX599.

Rule 1: a sentence that finds all well says so in its first half; its gesture is then not shown.
Rule 2: no sentence here takes a secret, nor the value of a setting that may hold one.
"""

from chorus_xl.messages.message import Message

_NOTHING = "Rien à faire."
_EXPIRING = "Le mot de passe du compte technique"
_RENEW = (
    "Demandez au gestionnaire principal de votre structure d'en créer un nouveau, dans l'espace « Raccordement EDI / "
    "API » de Chorus Pro, puis rangez-le par « chorus-xl login »."
)
_RAISED = "Demandez à la personne qui administre ce PC "

INSTALL: tuple[Message, ...] = (
    Message(
        "CX560",
        "Le classeur est copié : {path}",
        _NOTHING,
        why="Écrit sur ce PC même, il ne porte pas la marque des fichiers venus d'internet : Excel ne bloque pas ses "
        "macros pour cette raison.",
    ),
    Message(
        "CX561",
        "Un classeur est déjà là, laissé tel quel : {path}",
        "Pour un classeur neuf, indiquez un autre dossier avec --folder.",
        why="Un classeur contient votre mois : l'installation n'en remplace jamais un.",
    ),
    Message("CX562", "Excel lancera ce Python : {python} (inscrit dans {path})", _NOTHING),
    Message(
        "CX563",
        "Le chemin de Python ne peut pas être inscrit dans la configuration d'Excel : {python}",
        "Installez Python dans un dossier dont le nom ne contient que des lettres de votre langue, sans guillemet, "
        "puis relancez chorus-xl install.",
        why="Excel lit ce fichier dans l'alphabet de ce PC : un caractère qui n'y figure pas ne peut pas s'écrire.",
    ),
    Message("CX564", "Excel {version} fait confiance au dossier {folder}", _NOTHING),
    Message(
        "CX565",
        "Excel n'a laissé aucune trace dans ce compte Windows : le dossier {folder} n'est pas déclaré de confiance",
        "Ouvrez Excel une fois, fermez-le, puis relancez chorus-xl install.",
    ),
    Message(
        "CX566",
        "Sur Mac, deux gestes restent : aucun dossier de confiance n'y est déclaré",
        "Dans un terminal, lancez une fois « xlwings runpython install ». À l'ouverture du classeur, choisissez "
        "« Activer les macros ».",
    ),
    Message(
        "CX567",
        "Il n'y a pas d'Excel sur {system} : ni interpréteur ni dossier de confiance à régler",
        "Utilisez les commandes chorus-xl : elles font tout ce que fait le ruban.",
    ),
    Message(
        "CX568",
        "Le dossier {folder} est sur le réseau : Excel n'y fait confiance que si cela lui est permis",
        "Installez dans un dossier de ce PC avec --folder, ou faites cocher dans Excel « Autoriser les emplacements "
        "approuvés sur mon réseau ».",
    ),
    Message(
        "CX569",
        "« {path} » ne peut pas être lu ou écrit : {detail}",
        "Vérifiez vos droits et fermez Excel, puis relancez la commande. Ce qui est fait reste noté : "
        "chorus-xl install --undo le défait.",
    ),
    Message("CX570", "Le classeur est retiré : {path}", _NOTHING),
    Message(
        "CX571",
        "Le classeur a changé depuis l'installation, il reste où il est : {path}",
        "S'il ne vous sert plus, gardez-en les lignes utiles puis supprimez-le vous-même.",
    ),
    Message("CX572", "Remis comme avant l'installation : {what}", _NOTHING),
    Message(
        "CX573",
        "Modifié depuis l'installation par un autre programme ou une autre personne, laissé tel quel : {what}",
        "Corrigez-le à la main si vous n'en voulez plus.",
    ),
    Message("CX574", "Aucune installation n'est notée sur ce PC : il n'y a rien à défaire", _NOTHING),
)

LOGIN: tuple[Message, ...] = (
    Message(
        "CX575",
        "Les secrets de l'environnement {environment} sont dans le trousseau de ce PC",
        "Vérifiez maintenant avec chorus-xl doctor. L'identifiant de l'application (client_id) se met dans {toml}, le "
        "compte technique dans la feuille Paramètres : ce ne sont pas des secrets.",
    ),
    Message("CX576", "Les secrets de l'environnement {environment} ne sont plus dans le trousseau de ce PC", _NOTHING),
    Message(
        "CX577",
        "Ce PC n'a pas de trousseau utilisable ({backend})",
        "Définissez à la place les variables d'environnement CHORUS_XL_CLIENT_SECRET et CHORUS_XL_TECH_EXPIRING. Rien "
        "n'a été gardé.",
        why="Un secret ne s'écrit jamais dans un fichier de ce programme : sans trousseau, seul l'environnement reste.",
    ),
    Message(
        "CX578",
        "La variable {name} est définie et l'emporte sur le trousseau",
        "Retirez cette variable pour que le secret du trousseau serve.",
    ),
)

DOCTOR: tuple[Message, ...] = (
    Message(
        "CX579",
        "Le contrôle « {name} » n'a pas pu aboutir ({kind})",
        "Les autres contrôles restent valables. Signalez cette phrase à la personne qui entretient ce programme.",
    ),
    Message("CX580", "chorus-xl {chorus_xl}, Python {python} ({interpreter}), xlwings {xlwings}, {system}", _NOTHING),
    Message("CX581", "Excel lance ce même Python : {python}", _NOTHING),
    Message(
        "CX582",
        "Le ruban ne trouvera pas Python ({path} indique : {found})",
        "Lancez chorus-xl install. Les commandes chorus-xl marchent sans cela, le ruban non.",
    ),
    Message(
        "CX583",
        "Excel lancera un autre Python ({found}) que celui de ce diagnostic ({python})",
        "Pour que le ruban prenne celui-ci, lancez chorus-xl install avec ce Python.",
    ),
    Message(
        "CX584",
        "Les macros du classeur {file} et ce Python ne vont pas ensemble (xlwings : {found} dans le classeur, "
        "{expected} dans Python)",
        "Prenez un classeur neuf (chorus-xl new) et collez-y les valeurs de vos lignes. Les commandes chorus-xl "
        "marchent avec les deux.",
        why="Les deux moitiés de xlwings, dans le classeur et dans Python, doivent être de la même version.",
    ),
    Message("CX585", "Dossier de travail {home} ; réglages définis hors du classeur : {settings}", _NOTHING),
    Message(
        "CX586",
        "Le dossier de travail {home} est synchronisé ({service})",
        "Désignez par la variable CHORUS_XL_HOME un dossier qui ne l'est pas, et déplacez-y le contenu de celui-ci, "
        "aucune commande n'étant en cours.",
        why="Une synchronisation peut remplacer le journal par une version plus ancienne : le programme oublierait des "
        "dépôts.",
    ),
    Message("CX587", "Journal : {count} {count:ligne|lignes} pour cet environnement, chaîne intacte", _NOTHING),
    Message(
        "CX588",
        "La chaîne du journal est rompue en {count} {count:endroit|endroits}, le premier à la ligne {first}",
        "Ne déposez rien et gardez ce fichier tel quel pour qui l'examinera. Remettez en place la dernière copie "
        "saine.",
        why="Chaque ligne porte l'empreinte de la précédente : une ligne changée ou retirée se voit.",
    ),
    Message("CX589", "Classeur {file} : lisible, présentation {layout}, {rows} {rows:facture|factures}", _NOTHING),
    Message("CX590", "Environnement : {environment} ({place})", _NOTHING),
    Message("CX591", "Identifiants et secrets présents : {names}", _NOTHING),
    Message("CX592", "{host} répond", _NOTHING),
    Message(
        "CX593",
        "Le nom {host} n'est pas connu de ce réseau",
        "Vérifiez la connexion à internet et l'adresse réglée. " + _RAISED + "d'autoriser ce nom.",
    ),
    Message(
        "CX594",
        "La connexion chiffrée à {host} échoue : son certificat n'est pas accepté",
        _RAISED + "d'ajouter à Windows l'autorité du proxy de l'entreprise. Vérifiez aussi la date de ce PC.",
        why="Un proxy qui ouvre les connexions chiffrées présente son propre certificat.",
    ),
    Message(
        "CX595",
        "{host} ne répond pas dans le temps imparti ({seconds} s)",
        "Recommencez dans quelques minutes. Si cela dure, " + _RAISED[0].lower() + _RAISED[1:] + "si un pare-feu "
        "retient cette adresse, et consultez status.piste.gouv.fr.",
    ),
    Message(
        "CX596",
        "La connexion à {host} est refusée ou coupée",
        "Vérifiez la connexion et le proxy de l'entreprise. " + _RAISED + "d'autoriser cette adresse.",
    ),
    Message("CX597", "L'horloge de ce PC est juste", _NOTHING),
    Message(
        "CX598",
        "L'horloge de ce PC {leans} de {minutes} {minutes:minute|minutes}",
        "Réglez la date et l'heure de Windows sur automatique.",
        why="Une horloge fausse date mal le journal, et peut faire refuser certificats et jetons.",
    ),
    Message("CX599", "{platform} : identifiants acceptés, appel d'essai réussi", _NOTHING),
    Message("CX550", f"{_EXPIRING} est valable jusqu'au {{day}} (encore {{days}} {{days:jour|jours}})", _NOTHING),
    Message("CX551", f"{_EXPIRING} expire le {{day}}, dans {{days}} {{days:jour|jours}}", _RENEW),
    Message("CX552", f"{_EXPIRING} a expiré le {{day}}", _RENEW),
)

PLACES = {
    "variable": "variable d'environnement",
    "keyring": "trousseau de ce PC",
    "sheet": "feuille Paramètres",
    "default": "par défaut",
    "none": "aucun",
    "absent": "absent",
    "embedded": "Plateforme d'exercice de ce PC",
    "platform": "PISTE et Chorus Pro",
    "ahead": "avance",
    "behind": "retarde",
}
"""Words that go into the sentences above, by stable English names."""

MESSAGES: tuple[Message, ...] = (
    *INSTALL,
    *LOGIN,
    *DOCTOR,
)
