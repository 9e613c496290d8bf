"""The file, its sheets, tables, columns and locks, and the files that the sheet names: ``CX150`` to ``CX199``.

Rule 1: a sentence about the file names it, so that a clerk with three copies knows which one is meant.
Rule 2: where nothing was written the sentence says so, since a clerk fears for the file before anything else.
"""

from chorus_xl.messages.message import EITHER, Message

_UNCHANGED = "Rien n'a été écrit dans le classeur."
_RESTORE = (
    "Reprenez une copie saine : celle que chorus-xl garde avant la première écriture de chaque jour, ou l'historique "
    "des versions de votre espace partagé."
)
_EXPECTED_NAME = "Rendez-lui le nom que le programme attend, puis recommencez."

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX150",
        "Le classeur « {file} » est introuvable dans « {folder} »",
        "Vérifiez le nom et le dossier, puis recommencez.",
    ),
    Message("CX151", "« {file} » est un dossier, pas un classeur", "Indiquez le fichier .xlsm lui-même."),
    Message(
        "CX152",
        "« {file} » est un classeur sans macros (.xlsx)",
        "Dans Excel, choisissez Fichier, Enregistrer sous, type « Classeur Excel (prenant en charge les macros) "
        "(*.xlsm) », puis recommencez sur le nouveau fichier.",
        why="Les boutons du ruban ont besoin des macros ; enregistré en .xlsx, le classeur les perd.",
    ),
    Message(
        "CX153",
        "« {file} » n'est pas un classeur .xlsm",
        "Ouvrez le classeur ChorusInvoices.xlsm d'origine et copiez-y vos lignes, ou enregistrez-le au format .xlsm.",
    ),
    Message(
        "CX154",
        "Le classeur « {file} » est protégé par un mot de passe à l'ouverture",
        "Dans Excel, choisissez Fichier, Informations, Protéger le classeur, Chiffrer avec mot de passe, effacez le "
        "mot de passe et enregistrez.",
    ),
    Message(
        "CX155",
        "Le classeur « {file} » est endommagé ou incomplet (partie « {part} »)",
        _RESTORE,
        why="Un téléchargement interrompu ou une synchronisation inachevée en est la cause la plus courante.",
    ),
    Message(
        "CX156",
        "Le contenu du classeur « {file} » est d'une taille anormale (partie « {part} »)",
        "Copiez vos lignes dans un classeur neuf, en collant les valeurs seulement.",
        why="Au-delà de ces tailles la lecture épuiserait la mémoire du poste.",
    ),
    Message(
        "CX157",
        "Le classeur « {file} » est ouvert par {user}",
        f"{_UNCHANGED} Enregistrez-le et fermez-le, puis recommencez. S'il n'est plus ouvert nulle part, supprimez "
        "le fichier « {lock} » du même dossier.",
    ),
    Message(
        "CX158",
        "Le classeur « {file} » est ouvert dans un autre programme",
        f"{_UNCHANGED} Enregistrez-le et fermez-le, puis recommencez. S'il n'est plus ouvert nulle part, supprimez "
        "le fichier « {lock} » du même dossier.",
    ),
    Message(
        "CX159",
        "Windows refuse de remplacer le classeur « {file} », sans doute ouvert dans un autre programme",
        f"{_UNCHANGED} Fermez-le, attendez la fin d'une éventuelle synchronisation, puis recommencez.",
    ),
    Message(
        "CX160",
        "Le classeur « {file} » est en lecture seule",
        f"{_UNCHANGED} Dans l'Explorateur, ouvrez ses propriétés, décochez « Lecture seule », puis recommencez.",
    ),
    Message(
        "CX161",
        "Le dossier « {folder} » n'accepte pas d'écriture",
        f"{_UNCHANGED} Copiez le classeur dans un dossier où vous pouvez enregistrer, puis recommencez.",
    ),
    Message(
        "CX162",
        "Le disque du dossier « {folder} » est plein",
        f"{_UNCHANGED} Libérez de la place, puis recommencez.",
    ),
    Message(
        "CX163",
        "Le classeur « {file} » n'a pas pu être enregistré (erreur système {number})",
        f"{_UNCHANGED} Vérifiez que le disque ou le partage réseau répond, puis recommencez.",
    ),
    Message(
        "CX164",
        "Le classeur « {file} » a été modifié par ailleurs pendant l'écriture",
        f"{_UNCHANGED} Recommencez : les lignes seront relues.",
    ),
    Message(
        "CX165",
        "La copie de sauvegarde du classeur « {file} » n'a pas pu être faite dans « {folder} » (erreur système "
        "{number})",
        f"{_UNCHANGED} Libérez de la place dans ce dossier ou rétablissez-y l'écriture, puis recommencez.",
        why="Avant la première écriture de chaque jour, une copie du classeur est mise de côté ; sans elle rien n'est "
        "écrit.",
    ),
    Message(
        "CX166",
        "Le classeur « {file} » ne peut pas être lu (erreur système {number})",
        "Fermez les programmes qui l'utilisent et vérifiez vos droits sur ce fichier, puis recommencez.",
    ),
    Message(
        "CX167",
        "« {file} » est un classeur à l'ancien format d'Excel (.xls)",
        "Dans Excel, enregistrez-le au format « Classeur Excel (prenant en charge les macros) (*.xlsm) », puis "
        "recommencez sur le nouveau fichier.",
    ),
    Message(
        "CX168",
        "« {file} » est un classeur sans macros (.xlsx) dont seule l'extension a été changée",
        "Rendez-lui l'extension .xlsx, ouvrez-le dans Excel et enregistrez-le au format « Classeur Excel (prenant en "
        "charge les macros) (*.xlsm) ».",
    ),
    Message(
        "CX170",
        "« {file} » n'est pas un classeur ChorusInvoices : le repère « {name} » y manque ou n'est pas un nombre",
        "Ouvrez le classeur d'origine, ou faites-en un neuf (chorus-xl new) et collez-y les valeurs de vos lignes.",
    ),
    Message(
        "CX171",
        "Le classeur « {file} » est d'une présentation plus récente ({found}) que ce programme ({known})",
        "Mettez chorus-xl à jour, puis recommencez.",
    ),
    Message(
        "CX172",
        "Le classeur « {file} » est d'une présentation ancienne ({found}, au lieu de {known})",
        "Faites un classeur neuf (chorus-xl new) et collez-y les valeurs de vos lignes ; l'historique des dépôts est "
        "dans le journal et n'est pas perdu.",
    ),
    Message(
        "CX173",
        "La feuille « {sheet} » manque dans le classeur « {file} » (tableau « {table} »)",
        "Annulez sa suppression ou son changement de nom, ou reprenez la dernière copie du classeur.",
    ),
    Message(
        "CX174",
        "Le tableau « {table} » manque dans la feuille « {sheet} » du classeur « {file} »",
        "Il a été converti en plage ou renommé : annulez, ou sélectionnez-le et rendez-lui ce nom dans l'onglet "
        "Création de tableau.",
    ),
    Message(
        "CX175",
        "Le classeur « {file} » contient deux tableaux « {table} » (feuilles {sheets})",
        "Supprimez la feuille en trop, puis recommencez.",
    ),
    Message(
        "CX176",
        "La colonne « {header} » du tableau « {table} » manque ; « {closest} » lui ressemble",
        _EXPECTED_NAME,
        why="Les colonnes peuvent changer de place, pas de nom ; vous pouvez en ajouter d'autres.",
    ),
    Message(
        "CX177",
        "La colonne « {header} » du tableau « {table} » manque",
        "Annulez sa suppression, ou ajoutez au tableau une colonne de ce nom, puis recommencez.",
        why="Les colonnes peuvent changer de place, pas de nom ; vous pouvez en ajouter d'autres.",
    ),
    Message(
        "CX178",
        "Le tableau « {table} » a deux colonnes « {header} »",
        "Renommez ou supprimez celle qui est de trop, puis recommencez.",
    ),
    Message(
        "CX179",
        "La cellule {cell} de la feuille « {sheet} » contient une formule dans la colonne « {header} », que le "
        "programme remplit",
        f"{_UNCHANGED} Effacez les formules de cette colonne, puis recommencez.",
    ),
    Message(
        "CX180",
        "La feuille « {sheet} » du classeur « {file} » s'étend jusqu'à la cellule {cell}",
        "Supprimez ce qui se trouve loin à droite ou loin en bas de vos données (lignes et colonnes entières), "
        "enregistrez, puis recommencez.",
        why="Une cellule isolée tout au bout de la feuille oblige à lire tout l'espace qui l'en sépare.",
    ),
    Message(
        "CX181",
        "Cette ligne de la feuille « {sheet} » est sous le tableau « {table} » et n'en fait pas partie : elle est "
        "ignorée",
        "Étendez le tableau jusqu'à elle en tirant la poignée de son coin inférieur droit, ou effacez-la.",
        severities=EITHER,
    ),
    Message(
        "CX182",
        "Le paramètre « {name} » figure deux fois dans la feuille « {sheet} », avec deux valeurs différentes",
        "Supprimez la ligne en trop, puis recommencez.",
    ),
    Message(
        "CX183",
        "« {file} » n'est pas un fichier, mais un tube ou un appareil du système",
        "Indiquez le classeur .xlsm lui-même.",
    ),
    Message(
        "CX184",
        "Le classeur « {file} » contient une cellule démesurée (partie « {part} »)",
        "Copiez vos lignes dans un classeur neuf, en collant les valeurs seulement.",
        why="Excel ne garde que 32 767 caractères par cellule : celle-ci ne vient pas de lui.",
    ),
    Message(
        "CX185",
        "Le fichier « {file} » a grossi depuis le contrôle : il pèse plus de 10 Mo",
        "Réduisez-le, puis pressez Contrôler.",
    ),
    Message(
        "CX190",
        "Le fichier « {file} » n'est plus là",
        "Remettez-le dans le dossier des PDF, ou corrigez son nom sur la ligne, puis recommencez.",
    ),
    Message(
        "CX191",
        "Le fichier « {file} » ne peut pas être lu",
        "Fermez le programme qui l'utilise et vérifiez vos droits sur ce fichier, puis recommencez.",
    ),
)
