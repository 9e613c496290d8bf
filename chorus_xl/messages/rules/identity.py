"""Sentences on number, date, type, origin and free texts: CX201 to CX219."""

from chorus_xl.messages.message import ERROR, WARNING, Message
from chorus_xl.messages.rules.sources import PROGRAM, afnor, aife, api, dgfip

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX201",
        "Le numéro de facture est vide",
        "Tapez le numéro porté sur la facture.",
        source=aife("§3.2.1.4.2"),
        severities=ERROR,
    ),
    Message(
        "CX202",
        "Le numéro « {value} » a {length} caractères ; Chorus Pro en prend 20 au plus",
        "Raccourcissez le numéro, sur la facture aussi.",
        source=aife("§3.2.1.4.2"),
        severities=ERROR,
    ),
    Message(
        "CX203",
        "Le numéro « {value} » contient des caractères refusés : {characters}",
        "Gardez les lettres sans accent, les chiffres et - _ / +, sur la facture aussi.",
        why="Les espaces d'un numéro ne peuvent pas non plus se suivre ; ils sont montrés ici par ␣.",
        source=dgfip("G1.05"),
        severities=ERROR,
    ),
    Message(
        "CX204",
        "Le numéro « {value} » contient un espace",
        "Mieux vaut le retirer ou le remplacer par un tiret, sur la facture aussi.",
        why="Deux listes officielles de caractères diffèrent sur l'espace : le refus est possible, pas certain.",
        source=dgfip("G1.05"),
        severities=WARNING,
    ),
    Message(
        "CX205",
        "Le numéro « {value} » est déjà celui d'une autre ligne (ligne {rows})",
        "Supprimez la ligne en double, ou corrigez le numéro.",
        why="Chorus Pro refuse un numéro qui a déjà servi ; laquelle des deux lignes est la bonne ne se devine pas.",
        source=dgfip("G1.45"),
        severities=ERROR,
    ),
    Message(
        "CX206",
        "Le numéro « {value} » ne diffère que par les majuscules de celui d'une autre ligne (ligne {rows})",
        "Vérifiez qu'il s'agit bien de deux factures.",
        source=PROGRAM,
        severities=WARNING,
    ),
    Message(
        "CX207",
        "Le numéro « {value} » a déjà été envoyé pour une autre facture : le journal dit « {known} », "
        "la ligne dit « {present} »",
        "Si la ligne a été modifiée, remettez la valeur du journal. Si c'est une autre facture, "
        "donnez-lui un numéro qui n'a jamais servi.",
        why="Un numéro ne sert qu'une fois. Une facture partie, ou peut-être partie, garde son contenu.",
        source=dgfip("G1.45"),
        severities=ERROR,
    ),
    Message(
        "CX208",
        "Le numéro « {value} » a déjà servi pour une facture du {known} ; celle-ci est du {present}",
        "Donnez à cette facture un numéro qui n'a jamais servi.",
        why="Une source veut un numéro unique par fournisseur, une autre par fournisseur et par année : "
        "la plus stricte est retenue.",
        source=dgfip("G1.45") + " ; " + api("numeroFactureSaisi"),
        severities=ERROR,
    ),
    Message(
        "CX209",
        "La date de la facture est vide",
        "Tapez la date d'émission portée sur la facture.",
        source=dgfip("G1.07"),
        severities=ERROR,
    ),
    Message(
        "CX210",
        "La date {value} est dans le futur (aujourd'hui à Paris : {today})",
        "Corrigez la date, ou attendez ce jour pour déposer.",
        source=dgfip("G1.07"),
        severities=ERROR,
    ),
    Message(
        "CX211",
        "La date {value} n'est pas entre 2000 et 2099",
        "Corrigez l'année.",
        why="Une date vers 1900 est souvent un nombre mis au format Date.",
        source=dgfip("G1.36"),
        severities=ERROR,
    ),
    Message(
        "CX212",
        "La date {value} a plus d'un an",
        "Vérifiez l'année.",
        source=PROGRAM,
        severities=WARNING,
    ),
    Message(
        "CX213",
        "Le type est vide",
        "Choisissez Facture ou Avoir.",
        source=api("typeFacture"),
        severities=ERROR,
    ),
    Message(
        "CX214",
        "L'avoir ne dit pas quelle facture il corrige",
        "Tapez le numéro de cette facture dans « Facture d'origine », si elle existe.",
        why="Le circuit historique ne l'exige pas, mais le destinataire en a besoin pour rapprocher l'avoir.",
        source=dgfip("G1.31"),
        severities=WARNING,
    ),
    Message(
        "CX215",
        "Une facture d'origine (« {value} ») est donnée, mais le type est Facture",
        "Choisissez Avoir si c'en est un ; sinon, videz la cellule, qui n'est pas envoyée.",
        source=api("numeroFactureOrigine"),
        severities=WARNING,
    ),
    Message(
        "CX216",
        "La facture d'origine « {value} » est le numéro de la ligne elle-même",
        "Tapez le numéro de la facture corrigée.",
        source=PROGRAM,
        severities=ERROR,
    ),
    Message(
        "CX217",
        "La facture d'origine « {value} » a {length} caractères ; Chorus Pro en prend 20 au plus",
        "Vérifiez ce numéro.",
        source=afnor("BR-FR-CPRO-02"),
        severities=ERROR,
    ),
    Message(
        "CX218",
        "Le commentaire a {length} caractères ; 200 au plus sont sûrs d'arriver",
        "Raccourcissez-le, ou mettez-le dans une pièce jointe.",
        why="Les sources donnent 200, 1000 ou 2000 : plus long, il serait coupé ou ferait refuser la facture. "
        "Le programme ne coupe rien de lui-même.",
        source=api("commentaire"),
        severities=ERROR,
    ),
    Message(
        "CX219",
        "« {value} » contient des caractères invisibles",
        "Effacez la cellule et retapez la valeur au clavier.",
        why="Un collage peut apporter des caractères qui ne se voient pas ; ils font d'un numéro un autre numéro.",
        source=PROGRAM,
        severities=ERROR,
    ),
)
