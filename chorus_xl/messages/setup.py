"""Sentences on settings, credentials, the journal and our own bugs: CX5xx and CX9xx."""

from chorus_xl.messages.message import WARNING, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX501",
        "Le SIRET du fournisseur n'est pas renseigné",
        "Écrivez votre SIRET (14 chiffres) dans la feuille Paramètres, ligne « SIRET du fournisseur ».",
        why="Les dépôts se font au nom d'une structure fournisseur de Chorus Pro : la vôtre.",
    ),
    Message(
        "CX502",
        "Le réglage {name} vaut « {value} » ({place}) : ce n'est pas un nombre utilisable",
        "Corrigez-le, ou retirez-le pour reprendre la valeur par défaut.",
    ),
    Message(
        "CX503",
        "L'environnement « {value} » ({place}) n'existe pas",
        "Choisissez parmi : {known}.",
    ),
    Message(
        "CX504",
        "Il manque le secret {name} pour l'environnement {environment}",
        "Demandez à la personne qui a raccordé votre entreprise à Chorus Pro de définir cette variable, "
        "ou de ranger le secret dans le trousseau de ce PC (chorus-xl login).",
        why="Un secret ne s'écrit jamais dans le classeur ni dans un fichier de réglages.",
    ),
    Message(
        "CX505",
        "Le fichier de réglages {path} ne se lit pas : {detail}",
        "Corrigez ce fichier, ou renommez-le pour travailler sans lui.",
    ),
    Message(
        "CX506",
        "Le fichier de réglages {path} contient un secret ({name})",
        "Retirez cette ligne : un secret se met dans le trousseau du système ou dans une variable d'environnement.",
    ),
    Message(
        "CX507",
        "Le fichier de réglages {path} contient « {name} », qui n'est pas un réglage",
        "Réglages connus : {known}.",
    ),
    Message(
        "CX553",
        "Le réglage {name} contient un octet qui n'est d'aucun texte en UTF-8 : il ne peut être ni envoyé ni écrit",
        "Donnez-le de nouveau : la variable depuis un terminal ou un fichier en UTF-8, un secret par chorus-xl login, "
        "le compte technique dans la feuille Paramètres.",
        why="Il vient sans doute d'un fichier ou d'un terminal d'un autre codage (Latin-1, Windows-1252). "
        "Sa valeur n'est pas répétée ici.",
    ),
    Message(
        "CX508",
        "Il manque l'identifiant {name} pour l'environnement {environment}",
        "Renseignez-le : {where}.",
    ),
    Message(
        "CX509",
        "Le dossier de travail {path} ne peut pas être créé : {detail}",
        "Vérifiez vos droits sur ce dossier, ou désignez-en un autre par la variable CHORUS_XL_HOME.",
    ),
    Message(
        "CX510",
        "Le journal {journal} ne répond pas : « {detail} »",
        "Rien n'a été envoyé depuis. Pressez de nouveau le bouton ; si cela se répète, donnez cette phrase à la "
        "personne qui entretient ce programme.",
    ),
    Message(
        "CX511",
        "Le journal {journal} a été écrit par une version plus récente du programme (schéma {version}, celui-ci "
        "connaît {known})",
        "Mettez le programme à jour sur ce PC, puis recommencez. Le journal n'a pas été modifié.",
    ),
    Message(
        "CX512",
        "Le fichier ou la base {journal} n'est pas un journal de ce programme",
        "Vérifiez le réglage CHORUS_XL_JOURNAL, ou remettez à sa place le journal d'origine.",
        why="Sans son journal, le programme pourrait déposer deux fois : il ne remplace donc jamais ce qu'il ne "
        "reconnaît pas.",
    ),
    Message(
        "CX513",
        "Le journal {journal} est abîmé",
        "Ne déposez rien et gardez ce fichier tel quel. Remettez en place la dernière copie saine, ou faites réparer "
        "ce fichier.",
        why="Une coupure de courant, un disque défaillant ou un dossier synchronisé peuvent abîmer le fichier.",
    ),
    Message(
        "CX514",
        "Le journal {journal} est occupé par un autre programme",
        "Attendez la fin du travail en cours sur l'autre poste, puis pressez de nouveau le bouton.",
    ),
    Message(
        "CX515",
        "Le journal {journal} est en lecture seule",
        "Rétablissez le droit d'écrire dans ce fichier et dans son dossier. Rien ne part tant que le journal ne peut "
        "être écrit.",
    ),
    Message(
        "CX516",
        "Le journal {journal} ne peut pas être ouvert : son dossier manque ou vous est fermé",
        "Vérifiez que le dossier existe et que vous y avez accès, ou corrigez le réglage CHORUS_XL_JOURNAL.",
    ),
    Message(
        "CX517",
        "Le disque du journal {journal} est plein",
        "Libérez de la place, puis pressez de nouveau le bouton. Rien n'a été écrit à moitié.",
    ),
    Message(
        "CX518",
        "Le journal {journal} se contredit pour la facture « {number} »",
        "Ne déposez rien. Gardez ce fichier tel quel pour qui l'examinera, et remettez en place une copie saine.",
        why="Le programme n'écrit jamais une telle suite de lignes : le fichier a été modifié autrement que par lui.",
    ),
    Message(
        "CX519",
        "L'adresse du journal n'est pas utilisable ({detail})",
        "Corrigez le réglage CHORUS_XL_JOURNAL (par exemple sqlite:///C:/chorus/journal.db), ou installez le pilote de "
        "cette base.",
        why="L'adresse n'est pas répétée ici, car elle peut contenir un mot de passe.",
    ),
    Message(
        "CX520",
        "Le dépôt vers {environment} n'a pas été confirmé : {count} {count:facture|factures}, {total}",
        "Relancez et confirmez, ou ajoutez --yes à la commande.",
        why="Un dépôt ne part jamais sans un accord sur le nombre, la somme et l'environnement.",
    ),
    Message(
        "CX521",
        "« {value} » n'est pas un code de ce programme",
        "Un code s'écrit CX suivi de trois chiffres, tel qu'il figure entre crochets à la fin d'une phrase.",
    ),
    Message(
        "CX522",
        "Le fichier {path} existe déjà",
        "Choisissez un autre nom, ou déplacez d'abord ce fichier : un classeur n'est jamais écrasé.",
    ),
    Message(
        "CX523",
        "Le script de pannes {path} n'est pas utilisable : {detail}",
        "Corrigez ce fichier JSON et relancez la commande.",
    ),
    Message(
        "CX524",
        "Le nombre de lignes demandé ({value}) n'est pas possible",
        "Choisissez un nombre entre {least} et {most}.",
    ),
    Message(
        "CX525",
        "L'adresse {host}:{port} ne peut pas être ouverte : {detail}",
        "Choisissez un autre port avec --port.",
    ),
    Message(
        "CX526",
        "« {path} » ne porte pas l'extension .xlsm",
        "Donnez au classeur un nom qui finit par .xlsm : Excel refuserait ses macros sous un autre.",
    ),
    Message(
        "CX527",
        "Le classeur {path} ne peut pas être créé ({detail})",
        "Vérifiez vos droits sur ce dossier et la place qui reste, ou choisissez un autre dossier.",
    ),
    Message(
        "CX528",
        "L'environnement est Répétition, mais l'adresse {url} n'est pas sur ce PC",
        "Retirez les réglages CHORUS_XL_API_URL et CHORUS_XL_OAUTH_URL, ou choisissez l'environnement auquel cette "
        "adresse appartient.",
        why="Une répétition ne sort jamais de ce PC : c'est ce que promet la bannière du classeur.",
    ),
    Message(
        "CX529",
        "L'environnement est {environment}, mais l'adresse {url} est celle de l'environnement {other}",
        "Corrigez CHORUS_XL_API_URL et CHORUS_XL_OAUTH_URL, ou retirez-les pour reprendre les adresses officielles.",
        why="Chaque environnement a son journal : les mélanger ferait perdre la trace de dépôts réels.",
    ),
    Message(
        "CX554",
        "Le réglage « {name} » vaut {value} sur ce PC ({place}), et non {sheet} comme le dit la feuille Paramètres : "
        "c'est celui du PC qui compte",
        "S'il est voulu, mettez {value} dans la feuille Paramètres aussi ; sinon, retirez-le de ce PC.",
        why="Une variable d'environnement, puis chorus-xl.toml, passent avant la feuille. Tant que les deux diffèrent, "
        "la feuille ne dit pas où partent vos factures.",
        severities=WARNING,
    ),
    Message(
        "CX901",
        "Le programme a rencontré une erreur qui vient de lui ({kind})",
        "Rien n'est perdu : le journal garde tout dépôt. Envoyez le fichier {path} à la personne qui entretient "
        "ce programme, puis pressez Actualiser.",
        why="C'est un défaut du programme, non de votre classeur ni de votre geste.",
    ),
    Message(
        "CX902",
        "L'événement « {event} » n'est pas possible pour la facture « {number} » (état « {state} »)",
        "Rien n'a été écrit. Pressez Actualiser : un autre poste a pu avancer entre-temps. Si cela se répète, prévenez "
        "la personne qui entretient ce programme.",
        why="La vie d'un dépôt suit une table ; ce qui n'y figure pas est refusé.",
    ),
)
