"""Sentences on a journal that several clerks share on a PostgreSQL server: CX62x."""

from chorus_xl.messages.message import Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX620",
        "L'adresse du journal contient plus d'un « @ »",
        "Dans CHORUS_XL_JOURNAL, écrivez %40 à la place de chaque @ du mot de passe (%2F pour /, %3A pour :), puis "
        "recommencez.",
        why="Sans cela, une partie du mot de passe serait prise pour le nom du serveur, et affichée.",
    ),
    Message(
        "CX621",
        "Le serveur du journal {journal} ne répond pas : « {detail} »",
        "Rien ne part tant que le journal ne peut être écrit. Vérifiez que ce PC est sur le réseau de l'entreprise et "
        "pressez de nouveau le bouton ; si cela se répète, prévenez la personne qui tient ce serveur.",
    ),
    Message(
        "CX622",
        "Le serveur du journal {journal} refuse la connexion : « {detail} »",
        "Rien ne part tant que le journal ne peut être écrit. S'il démarre ou s'arrête, attendez une minute et "
        "pressez de nouveau le bouton ; sinon, faites vérifier l'utilisateur, le mot de passe et le nom de la base "
        "dans CHORUS_XL_JOURNAL.",
    ),
    Message(
        "CX623",
        "Votre rôle n'a pas les droits qu'il faut sur le journal {journal} : « {detail} »",
        "Rien ne part tant que le journal ne peut être écrit. Donnez cette phrase à la personne qui tient la base : "
        "il faut le droit de lire le journal et d'y ajouter des lignes, et sa propriétaire doit l'ouvrir la première "
        "après une mise à jour.",
    ),
    Message(
        "CX624",
        "La base du journal {journal} est codée en {encoding}, et non en UTF-8",
        "Faites créer une base en UTF-8 et mettez-la dans CHORUS_XL_JOURNAL. Rien n'a été écrit dans celle-ci.",
        why="Un mot de Chorus Pro que la base ne saurait pas écrire empêcherait d'inscrire ce qu'est devenu un dépôt.",
    ),
    Message(
        "CX625",
        "La liaison avec le journal {journal} s'est rompue : « {detail} »",
        "Pressez de nouveau le bouton dès que le serveur répond : ce qui n'a pas pu être inscrit sera recherché sur "
        "Chorus Pro avant tout nouvel envoi.",
        why="Une coupure au moment d'inscrire ne dit pas si la ligne est au journal : rien n'est donc envoyé sur sa "
        "foi, et la pression suivante lit ce qu'il en est.",
    ),
)
