"""What is said of kept files and of proofs: ``CX650`` to ``CX679``, ``CX688`` to ``CX695``.

Rule 1: a proof that does not hold is told file by file, with the file's name as it stands in the folder.
"""

from chorus_xl.messages.message import ERROR, WARNING, Message

_WHOLE = "Reprenez le dossier d'origine, ou faites-en un autre : chorus-xl prove."

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX650",
        "Le fichier « {file} » n'a pas pu être gardé dans le dossier d'archives {folder} : « {detail} »",
        "Rien n'est parti avec ce fichier. Rétablissez le droit d'écrire dans ce dossier, ou réglez CHORUS_XL_ARCHIVE, "
        "puis pressez de nouveau Déposer.",
        why="Ce qui part est gardé avant de partir : c'est ce que le dossier de preuve montrera.",
    ),
    Message(
        "CX651",
        "Le disque du dossier d'archives {folder} est plein",
        "Rien n'est parti depuis. Libérez de la place, ou réglez CHORUS_XL_ARCHIVE, puis pressez de nouveau Déposer.",
    ),
    Message(
        "CX652",
        "Le journal ne connaît aucune de ces factures pour le fournisseur {siret} ({environment}) ; il est celui "
        "d'un autre fournisseur : {others}",
        "Vérifiez la ligne « SIRET du fournisseur » de la feuille Paramètres et le réglage CHORUS_XL_JOURNAL, puis "
        "recommencez. Aucun dossier n'a été fait.",
        why="Un dossier de preuve ne dit que ce que le journal du fournisseur a noté.",
    ),
    Message(
        "CX653",
        "Il n'y a rien à prouver : aucune de ces factures n'a été présentée au dépôt ({environment})",
        "Déposez d'abord, ou choisissez d'autres factures ou une autre période. Aucun dossier n'a été fait.",
    ),
    Message(
        "CX654",
        "Il y a déjà quelque chose sous le nom {path}",
        "Choisissez un autre nom. Un dossier de preuve n'en remplace jamais un autre.",
    ),
    Message(
        "CX655",
        "Le dossier de preuve ne peut pas être écrit à l'endroit {path} : « {detail} »",
        "Choisissez un autre endroit, ou libérez de la place. Rien n'y a été laissé.",
    ),
    Message(
        "CX656",
        "Le fichier « {file} » de la facture « {number} » manque dans le dossier de preuve (empreinte {hash}…)",
        "Remettez le fichier tel qu'il est parti, sous n'importe quel nom, dans le dossier des PDF ou l'un de ses "
        "sous-dossiers, puis refaites le dossier.",
        why="Il est parti avant que ce programme ne garde les fichiers, ou les archives ont été déplacées. La "
        "couverture et l'index disent qu'il manque.",
        severities=ERROR,
    ),
    Message(
        "CX657",
        "{count} {count:facture n'a jamais été présentée au dépôt et n'est que citée|factures n'ont jamais été "
        "présentées au "
        "dépôt et ne sont que citées} dans le dossier : {numbers}",
        "Déposez-les, puis refaites le dossier, ou laissez-les pour un autre lot.",
        severities=WARNING,
    ),
    Message(
        "CX658",
        "La ligne de la facture « {number} » dit « {now} », le dépôt disait « {deposited} »",
        "Remettez dans la feuille ce qui a été déposé ; une correction se fait par un avoir ou une nouvelle facture.",
        severities=ERROR,
    ),
    Message(
        "CX659",
        "Les totaux de contrôle ne tombent pas juste, en nombre ou en montant : {words}",
        "Comparez le classeur et l'index du dossier, facture par facture, avant de le remettre à quelqu'un.",
        severities=ERROR,
    ),
    Message(
        "CX660",
        "Dossier de preuve : {path} ; son empreinte est {hash}",
        "Gardez cette empreinte ailleurs (courriel, registre) : elle prouve plus tard que le dossier est celui-ci.",
        why="C'est l'empreinte SHA-256 de son fichier SHA256SUMS, qui porte celle de chaque autre fichier.",
    ),
    Message(
        "CX661",
        "{path} n'est ni un dossier ni un fichier zip que l'on puisse lire",
        "Donnez le dossier de preuve, ou son zip, tel qu'il a été fait.",
    ),
    Message(
        "CX662",
        "Fichiers : {count:le fichier nommé par SHA256SUMS est là, inchangé|les {count} fichiers nommés par "
        "SHA256SUMS sont "
        "là, inchangés}, et il n'y en a pas d'autre ; "
        "empreinte du dossier {hash}",
        "Comparez l'empreinte à celle qui a été gardée ailleurs le jour où le dossier a été fait.",
    ),
    Message("CX663", "Le fichier {file} a été changé depuis que le dossier a été fait", _WHOLE),
    Message("CX664", "Le fichier {file} manque dans le dossier", _WHOLE),
    Message(
        "CX665",
        "Le fichier {file} a été ajouté : SHA256SUMS ne le nomme pas",
        "Retirez-le, ou reprenez le dossier d'origine.",
    ),
    Message(
        "CX666",
        "Journal : {count:la ligne de l'extrait porte sa juste empreinte et tient|les {count} lignes de l'extrait "
        "portent leur "
        "juste empreinte et tiennent} dans la chaîne, de la "
        "ligne 1 à la tête {hash} (ligne {head})",
        "Comparez la tête à celle qui a été gardée ailleurs le jour où le dossier a été fait.",
    ),
    Message("CX667", "Le fichier {file} rompt la chaîne du journal, ligne {sequence} : {detail}", _WHOLE),
    Message(
        "CX668",
        "Factures : {count:le fichier joint a|les {count} fichiers joints ont} l'empreinte que le journal avait "
        "notée avant "
        "{count:son|leur} départ",
        "Aucun geste.",
    ),
    Message(
        "CX669",
        "Le fichier {file} de la facture « {number} » n'est pas celui qui est parti : le journal avait noté une autre "
        "empreinte",
        _WHOLE,
    ),
    Message(
        "CX670",
        "Totaux : {words}",
        "Aucun geste.",
    ),
    Message("CX671", "Le fichier {file} ne dit pas ce que dit le journal : {detail}", _WHOLE),
    Message(
        "CX672",
        "Le fichier « {file} » de la facture « {number} » n'est pas dans le dossier, et le dossier le dit",
        "Demandez au fournisseur le fichier d'empreinte {hash}.",
    ),
    Message(
        "CX673",
        "Journal de ce PC : la tête du dossier y est, ligne {sequence}, les lignes de ces factures y sont les mêmes, "
        "et aucune facture de ce que le dossier réunit n'en a été écartée",
        "Aucun geste.",
    ),
    Message(
        "CX674",
        "Journal de ce PC : rien à comparer, {detail} ; sans le journal d'origine, une facture écartée en entier du "
        "dossier ne se voit pas",
        "Aucun geste. Le reste du dossier se vérifie sans lui.",
    ),
    Message(
        "CX675",
        "Le journal de ce PC ne suit pas celui du dossier, ligne {sequence} : {detail}",
        "Gardez les deux tels quels. Ne déposez rien avec ce journal avant d'avoir compris ; remettez en place une "
        "copie saine.",
        why="Les deux commencent de même : le journal a donc été coupé ou modifié depuis, ou le dossier l'a été.",
    ),
    Message("CX676", "Le fichier {file} ne peut pas être lu : {detail}", _WHOLE),
    Message(
        "CX677",
        "« {value} » n'est pas {expected}",
        "Écrivez un mois comme 2026-11 (--month) ou un jour comme 2026-11-30 (--since, --until). --month ne va pas "
        "avec --since ni --until.",
    ),
    Message(
        "CX678",
        "Le journal change sans cesse : un autre poste y écrit",
        "Attendez la fin du travail en cours sur l'autre poste, puis recommencez.",
    ),
    Message(
        "CX679",
        "La commande prove demande le classeur et --out, ou --verify seul",
        "Écrivez par exemple « chorus-xl prove ChorusInvoices.xlsm --out Preuve », ou « chorus-xl prove --verify "
        "Preuve ».",
    ),
    Message(
        "CX688",
        "Le fichier {file} n'appartient à aucune facture du dossier",
        "Retirez-le, ou reprenez le dossier d'origine.",
    ),
    Message(
        "CX689",
        "Journal de ce PC : {count} {count:facture qui devrait|factures qui devraient} être dans le dossier n'y "
        "{count:est pas|sont pas} : {numbers}",
        _WHOLE,
        why="Le journal les a inscrites avant la tête du dossier, aux jours ou sous les numéros qu'il dit réunir, ou "
        "lors des envois dont il réunit les autres factures.",
    ),
    Message(
        "CX690",
        "Journal de ce PC : d'autres factures des mêmes jours ne sont pas dans le dossier, et rien ne montre de quel "
        "classeur elles étaient ({count}) : {numbers}",
        "Elles peuvent être d'un autre classeur : vérifiez-le. Un dossier fait par --month ou --since réunit "
        "tout ce qui a été déposé ces jours-là.",
        why="Les envois d'avant cette version n'ont pas de nom dans le journal, ni ce qui n'a été que retrouvé sur "
        "Chorus Pro : quelles factures le classeur contenait, lui seul le montre.",
        severities=WARNING,
    ),
    Message(
        "CX691",
        "Le journal ne tient pas : sa ligne {sequence} a été changée, ou ne suit pas celle d'avant",
        "Aucun dossier n'a été fait. Lancez chorus-xl journal verify, gardez le journal tel quel et remettez en place "
        "une copie saine.",
        why="Un dossier fait d'un journal rompu ne prouverait rien.",
    ),
    Message(
        "CX692",
        "Mots : le dossier a été fait par « {made} », et vérifié par « {checked} » ; les libellés, LISEZMOI.txt et "
        "les pages de la couverture n'ont pas été comparés mot à mot",
        "Vérifiez-le aussi avec la version qui l'a fait.",
        why="Ce qu'une autre version aurait écrit n'est pas connu de celle-ci : seuls le fournisseur, la plateforme, "
        "la tête, les totaux et les montants de la couverture ont été comparés.",
        severities=WARNING,
    ),
    Message(
        "CX696",
        "« {file} » dit les mêmes mots que le journal, mais n'est pas dessiné comme ce programme le dessine",
        "Regardez-le page par page à côté de totaux.json et d'index.csv : rien ne doit y cacher ni y ajouter un mot.",
        why="Une image, une note, une ligne masquée ou un commentaire ont pu être ajoutés ; une autre version d'une "
        "bibliothèque dessine aussi les mêmes mots autrement.",
        severities=WARNING,
    ),
    Message(
        "CX693",
        "Hors du dossier, laissés là par Windows ou macOS : {files}",
        "Retirez-les : ils ne prouvent rien.",
        severities=WARNING,
    ),
    Message(
        "CX694",
        "Des factures parties lors des mêmes envois ne sont plus dans le classeur ({count}) ; elles ne sont que citées "
        "dans le dossier : {numbers}",
        "Remettez leurs lignes dans la feuille Factures et refaites le dossier, ou faites celui du mois : --month.",
        severities=WARNING,
    ),
    Message(
        "CX695",
        "Des factures parties lors des mêmes envois n'étaient plus dans le classeur ({count}), et le dossier le dit : "
        "{numbers}",
        "Demandez au fournisseur le dossier du mois, ou celui de ces factures.",
        severities=WARNING,
    ),
)
