"""Sentences on answers of Chorus Pro (CX301 to CX319), and on network and doubt (CX4xx).

Rule 1: a row whose deposit is not settled is told what to press, and never to deposit again by hand.
Rule 2: who is to be called is named, with what to tell them: the operation and the reference of the exchange.
Rule 3: CX301 to CX309, CX401 to CX419 and CX440 to CX442 speak of a row or a batch, CX310 to CX319 and CX420 to CX429
        of a call.
"""

from chorus_xl.messages.message import ERROR, WARNING, Message

_NOTES = "Notes sur l'API Chorus Pro et PISTE, "
_TELL = "en donnant l'opération ({operation}) et la référence de l'échange ({correlation})"

ANSWERS: tuple[Message, ...] = (
    Message(
        "CX301",
        "Réponse de Chorus Pro : « {label} » (code {return_code})",
        "Corrigez la ligne selon cette réponse, puis pressez Déposer le lot : le numéro de facture reste utilisable.",
        why="Chorus Pro a refusé le dépôt : il n'a pas gardé cette facture. Le texte cité est le sien, mot pour mot.",
    ),
    Message(
        "CX302",
        "Chorus Pro répond : « {label} » (code {return_code}) ; peut-être détient-il déjà cette facture",
        "Ne changez pas le numéro et ne la déposez pas à la main : pressez Actualiser après {time}, qui la cherche. "
        "Si la réponse vous montre une erreur de la ligne, corrigez la ligne et pressez Déposer le lot.",
        why="Chorus Pro refuse un numéro qu'il détient, sans que l'on sache en quels mots. Une première réponse peut "
        "s'être perdue, quelqu'un peut l'avoir déposée ailleurs, et les recherches de la plateforme peuvent avoir du "
        "retard : ce refus ne prouve donc pas que la facture n'est pas déposée.",
    ),
    Message(
        "CX305",
        "Le statut « {status} » est inconnu de ce programme",
        "Ouvrez la facture sur le portail Chorus Pro pour lire ce qu'il signifie, "
        "et signalez-le à la personne qui maintient ce classeur.",
        why="Chorus Pro peut créer des statuts. Un statut inconnu est montré tel quel, jamais traduit au hasard.",
    ),
    Message(
        "CX306",
        "{words}. Réponse de Chorus Pro : « {label} » (code {return_code})",
        "{gesture}. Puis pressez Déposer le lot : le numéro de facture reste utilisable.",
        why="Chorus Pro a refusé le dépôt : il n'a pas gardé cette facture. Le texte cité est le sien, mot pour mot ; "
        "ce qui le précède est notre lecture, tirée d'une liste de textes connus.",
    ),
    Message(
        "CX307",
        "{words}. Motif du destinataire : « {comment} »",
        "{gesture}.",
        why="Le texte cité est celui du destinataire, mot pour mot ; ce qui le précède est notre lecture, tirée d'une "
        "liste de textes connus. Dans le doute, le texte cité seul compte.",
    ),
    Message(
        "CX308",
        "{words}. Réponse de Chorus Pro : « {label} » (code {return_code})",
        "{gesture}.",
        why="Le texte cité est celui de Chorus Pro, mot pour mot ; ce qui le précède est notre lecture, tirée d'une "
        "liste de textes connus.",
    ),
    Message(
        "CX309",
        "Chorus Pro sait que vous avez pris acte du rejet",
        "Annulez la facture dans votre gestion et refaites-la sous un nouveau numéro, sur une nouvelle ligne : Agir la "
        "prépare si elle n'y est pas encore.",
        why="Une facture rejetée par le destinataire ne sera pas payée, et son numéro ne ressert pas.",
    ),
    Message(
        "CX310",
        "PISTE refuse l'application {client_id} : « {reason} »",
        "Demandez à la personne qui a raccordé votre entreprise de vérifier, sur piste.gouv.fr, l'identifiant et le "
        "secret de l'application, et qu'ils sont bien ceux de cet environnement.",
        why="Cinq essais espacés ont eu la même réponse : PISTE refuse parfois à tort, mais pas cinq fois de suite. "
        "Qualification et production ont chacune leur application et leur secret.",
        source=_NOTES + "§1.2 et §1.4, lues en novembre 2026",
    ),
    Message(
        "CX311",
        "Chorus Pro refuse le compte technique (opération {operation}, référence {correlation})",
        "Vérifiez la ligne « Compte technique » de la feuille Paramètres, puis demandez au gestionnaire principal de "
        "votre structure si le mot de passe de ce compte a expiré.",
        why="L'application PISTE est acceptée, le compte technique ne l'est pas. Son mot de passe expire après "
        "424 jours, et un compte neuf ne sert qu'une demi-heure environ après sa création.",
        source=_NOTES + "§1.4 et §1.5, lues en novembre 2026",
    ),
    Message(
        "CX312",
        "L'adresse appelée n'est pas celle d'une opération de Chorus Pro (opération {operation}, HTTP {status}, "
        "référence {correlation})",
        "Vérifiez le réglage CHORUS_XL_API_URL, ou retirez-le pour reprendre l'adresse officielle.",
        source=_NOTES + "§1.5, lues en novembre 2026",
    ),
    Message(
        "CX313",
        "Chorus Pro n'autorise pas cette opération (opération {operation}, HTTP {status}, référence {correlation})",
        "Demandez à la personne qui a raccordé votre entreprise de vérifier trois points : les conditions d'usage des "
        "API Factures, Structures et Transverses cochées sur piste.gouv.fr, l'application liée au raccordement dans "
        "Chorus Pro, et les droits du compte technique.",
        why="PISTE répond 403 sans dire lequel des trois manque.",
        source=_NOTES + "§1.4 et §1.5, lues en novembre 2026",
    ),
    Message(
        "CX314",
        "Le compte technique ne peut pas déposer pour le SIRET {siret}",
        "Corrigez le SIRET du fournisseur dans la feuille Paramètres, ou demandez au gestionnaire principal de "
        "rattacher le compte technique à cette structure. SIRET rattachés aujourd'hui : {attached}.",
    ),
    Message(
        "CX315",
        "L'adresse « {url} » ne peut pas servir à joindre Chorus Pro",
        "Corrigez CHORUS_XL_OAUTH_URL ou CHORUS_XL_API_URL : une adresse https, sans identifiant ni mot de passe.",
        why="Les secrets ne passent jamais en clair sur un réseau : http simple n'est permis que sur ce PC même. "
        "D'une adresse où un mot de passe peut se trouver, rien n'est répété ici que « https://… » ou « … ».",
    ),
    Message(
        "CX316",
        "Réponse de Chorus Pro : « {label} » (code {return_code}, opération {operation}, HTTP {status})",
        "Si cette réponse ne vous dit pas quoi corriger, appelez l'assistance Chorus Pro " + _TELL + ".",
        severities=ERROR,
    ),
    Message(
        "CX317",
        "Chorus Pro juge l'envoi trop gros (opération {operation}, HTTP {status}, référence {correlation})",
        "Réduisez le fichier à moins de 10 Mo, puis pressez de nouveau.",
        source=_NOTES + "§4.1, lues en novembre 2026",
        severities=ERROR,
    ),
)

ROWS: tuple[Message, ...] = (
    Message(
        "CX401",
        "Le dépôt n'a pas eu lieu : rien n'est arrivé à Chorus Pro",
        "Vérifiez la connexion de ce PC, puis pressez Déposer le lot.",
        why="Il est prouvé que la facture n'a pas été traitée : pas un octet de la demande n'a quitté ce PC.",
    ),
    Message(
        "CX402",
        "La facture est partie, mais la réponse de Chorus Pro s'est perdue : nul ne sait encore si elle est déposée",
        "Ne la déposez pas à nouveau, ni ici ni sur le portail : pressez Actualiser, qui la cherche par son numéro.",
        why="Une réponse perdue n'est pas un refus. Une facture déposée deux fois serait refusée, ou payée deux fois.",
    ),
    Message(
        "CX432",
        "L'entrée de Chorus Pro a répondu HTTP {http_status} : la facture est sans doute restée à la porte, sans que "
        "ce soit prouvé",
        "Ne la déposez pas à nouveau, ni ici ni sur le portail : pressez Actualiser, qui la cherche par son numéro. Si "
        "cela dure, lancez Diagnostic.",
        why="Droits (401, 403) ou quota (429) : PISTE écarte de telles demandes avant Chorus Pro. Une recherche le "
        "confirme, puis la ligne redevient « À déposer ».",
    ),
    Message(
        "CX403",
        "Chorus Pro ne montre pas encore cette facture, dont la réponse s'était perdue",
        "Ne la déposez pas à nouveau, ni ici ni sur le portail : pressez Actualiser après {time}, pour la dernière "
        "recherche.",
        why="Une facture reçue peut mettre du temps à paraître dans les recherches. Absente aux deux recherches, "
        "elle redevient « À déposer ».",
    ),
    Message(
        "CX404",
        "Chorus Pro détient sous ce numéro une autre facture (référence {chorus_invoice_id}) : "
        "sur la plateforme : {theirs} ; sur cette ligne : {ours}",
        "Comparez avec le portail : si c'est la ligne qui se trompe, corrigez-la et pressez Actualiser, qui la "
        "reconnaîtra ; sinon, refaites la facture sous un nouveau numéro.",
        why="Un numéro de facture ne sert qu'une fois par fournisseur. Destinataire, date ou montant diffèrent : "
        "ce programme ne décide pas à votre place que c'est la même facture.",
    ),
    Message(
        "CX405",
        "Le dépôt n'a pas eu lieu : l'accès à Chorus Pro a été refusé avant que la facture parte",
        "Pressez de nouveau dans quelques minutes. Si cela dure, lancez Diagnostic : il dit ce qui manque "
        "(application, compte technique, droits).",
        why="La facture n'a pas quitté ce PC, et son numéro reste libre.",
    ),
    Message(
        "CX406",
        "La facture {number} est déjà en cours de dépôt, par un autre poste ou une autre copie du classeur",
        "Attendez la fin de l'autre dépôt, puis pressez Actualiser.",
        severities=WARNING,
    ),
    Message(
        "CX407",
        "La ligne dit « {value} », le journal de ce PC l'ignorait, et Chorus Pro détient bien la facture {number}",
        "Relisez la colonne « Dépôt », mise à jour : cette facture n'est pas repartie.",
        why="La ligne vient sans doute d'une copie du classeur tenue sur un autre PC.",
        severities=WARNING,
    ),
    Message(
        "CX408",
        "La ligne dit « {value} », mais ni le journal de ce PC ni Chorus Pro ne connaissent la facture {number}",
        "Pressez Actualiser plus tard : si une seconde recherche ne la trouve pas, la ligne redevient « À déposer ».",
        why="Une telle ligne ne part jamais à la première pression : un autre PC est peut-être en train de la déposer, "
        "et les recherches de Chorus Pro peuvent avoir du retard.",
        severities=WARNING,
    ),
    Message(
        "CX409",
        "Chorus Pro ne montre plus la facture {number}, qu'il avait acceptée",
        "Cherchez-la sur le portail, puis appelez l'assistance Chorus Pro avec sa référence (colonne « Référence "
        "Chorus »). Ne la déposez pas à nouveau entre-temps.",
        severities=ERROR,
    ),
    Message(
        "CX410",
        "Le dépôt s'est arrêté : Chorus Pro n'a pas répondu à {count} factures de suite",
        "Les autres lignes ne sont pas parties. Pressez Actualiser dans quelques minutes, puis Déposer le lot.",
        why="Mieux vaut quelques lignes incertaines qu'un lot entier. Les maintenances sont annoncées sur le site "
        "de la communauté Chorus Pro.",
    ),
    Message(
        "CX411",
        "Le dépôt a été interrompu à votre demande",
        "Les lignes déjà déposées sont à jour, les autres ne sont pas parties : pressez Déposer le lot pour continuer.",
    ),
)

BATCH: tuple[Message, ...] = (
    Message(
        "CX450",
        "La commande a été interrompue avant sa fin : la feuille n'est peut-être pas à jour",
        "Ce qui est parti est au journal : pressez Actualiser, qui retrouve où chaque envoi en est.",
        why="Un premier Ctrl-C laisse finir ce qui est en cours et écrit la feuille ; un second n'attend plus.",
    ),
    Message(
        "CX431",
        "Chorus Pro n'a pas répondu à {count} recherches d'envois incertains de suite",
        "Rien n'a été déposé, et rien n'est perdu : pressez de nouveau dans quelques minutes.",
        why="Sans réponse aux recherches, on ne sait pas ce que Chorus Pro détient déjà : mieux vaut ne rien envoyer.",
        severities=ERROR,
    ),
    Message(
        "CX433",
        "Le dépôt s'est arrêté : l'entrée de Chorus Pro a écarté la facture {number} (HTTP {status})",
        "Les lignes suivantes ne sont pas parties. Lancez Diagnostic : il dit ce qui manque (application, compte "
        "technique, droits). Pressez ensuite Actualiser, puis Déposer le lot.",
        severities=ERROR,
    ),
    Message(
        "CX413",
        "Le répertoire de Chorus Pro n'a pas répondu : ce que les destinataires exigent n'a pas été vérifié",
        "Déposez si vous êtes sûr des SIRET, des services et des engagements, ou répondez non et revenez plus tard.",
    ),
    Message(
        "CX412",
        "Le journal compte {count} {count:envoi incertain|envois incertains} dont cette feuille n'a plus la ligne : "
        "{numbers}",
        "Pressez Actualiser jusqu'à ce qu'ils soient réglés, et ne redonnez pas ces numéros à d'autres factures.",
        severities=WARNING,
    ),
    Message(
        "CX414",
        "Sans ligne dans cette feuille, {count} {count:facture demande|factures demandent} un geste de vous : "
        "{numbers}",
        "Ouvrez le classeur où est leur ligne et pressez Actualiser : « À faire » y dit le geste. Si cette ligne "
        "n'existe plus, faites le geste sur le portail.",
        why="Le suivi porte sur toutes les factures du journal, quel que soit le classeur où elles ont été saisies ; "
        "une feuille ne montre que ses propres lignes. Une facture suspendue ou rejetée attend que vous agissiez.",
        severities=ERROR,
    ),
)

FOLLOW_UP: tuple[Message, ...] = (
    Message(
        "CX440",
        "L'historique de {count} {count:facture|factures} n'a pas pu être lu : {numbers}",
        "Leurs statuts sont à jour. Pressez Actualiser plus tard : ce qui manque sera lu alors.",
        why="Le statut vient d'une recherche, l'historique d'un appel par facture : le second peut manquer sans que le "
        "premier soit faux.",
        severities=WARNING,
    ),
    Message(
        "CX441",
        "Après trop de recherches vaines par numéro, {count} {count:facture n'a pas été cherchée|factures n'ont pas "
        "été cherchées} : {numbers}",
        "Vérifiez que le compte technique voit encore vos factures (Diagnostic), puis pressez de nouveau Actualiser.",
        why="Une facture acceptée que Chorus Pro ne montre plus est rare ; vingt de suite, c'est que quelque chose "
        "ne va pas. Leur statut reste celui que le journal connaît.",
        severities=WARNING,
    ),
    Message(
        "CX442",
        "Chorus Pro ne montre pas encore la facture {number}, déposée il y a peu",
        "Rien à faire : pressez Actualiser dans un quart d'heure.",
        why="Chorus Pro a accepté la facture ; ses recherches peuvent avoir du retard.",
        severities=WARNING,
    ),
)

CALLS: tuple[Message, ...] = (
    Message(
        "CX434",
        "Le proxy ou les certificats que nomment les variables de ce PC ne peuvent pas être utilisés",
        "Montrez ceci à votre service informatique : HTTPS_PROXY et ALL_PROXY doivent nommer un proxy http, "
        "SSL_CERT_FILE et SSL_CERT_DIR des certificats qui existent.",
    ),
    Message(
        "CX430",
        "Chorus Pro a demandé une pause plus longue qu'une minute (opération {operation})",
        "L'appel n'est pas parti. Pressez de nouveau dans quelques minutes.",
        severities=ERROR,
    ),
    Message(
        "CX420",
        "Chorus Pro ne peut pas être joint depuis ce PC (opération {operation})",
        "Vérifiez la connexion à internet et le proxy de l'entreprise, puis pressez de nouveau. Rien n'est parti.",
        severities=ERROR,
    ),
    Message(
        "CX421",
        "La réponse de Chorus Pro n'est pas arrivée (opération {operation})",
        "Pressez de nouveau dans quelques minutes. Si cela dure, consultez status.piste.gouv.fr.",
        severities=ERROR,
    ),
    Message(
        "CX422",
        "La réponse de Chorus Pro ne se lit pas (opération {operation}, HTTP {status}, référence {correlation})",
        "Pressez de nouveau dans quelques minutes. Si cela dure, appelez l'assistance Chorus Pro " + _TELL + ".",
        why="Une page d'attente, un portail d'hôtel ou un proxy peuvent répondre à la place de Chorus Pro.",
        severities=ERROR,
    ),
    Message(
        "CX423",
        "Chorus Pro est en panne ou en maintenance (opération {operation}, HTTP {status}, référence {correlation})",
        "Pressez de nouveau plus tard. L'état du service se lit sur status.piste.gouv.fr.",
        severities=ERROR,
    ),
    Message(
        "CX424",
        "Chorus Pro demande d'attendre : trop d'appels (opération {operation}, HTTP {status}, référence {correlation})",
        "Pressez de nouveau dans quelques minutes. Si cela revient, augmentez CHORUS_XL_CALL_INTERVAL.",
        source=_NOTES + "§1.5, lues en novembre 2026",
        severities=ERROR,
    ),
    Message(
        "CX425",
        "Chorus Pro annonce {total} résultats et n'en a donné que {received} (opération {operation})",
        "Pressez de nouveau : rien n'est conclu d'une liste incomplète.",
        severities=ERROR,
    ),
)

MESSAGES: tuple[Message, ...] = (*ANSWERS, *ROWS, *BATCH, *FOLLOW_UP, *CALLS)
