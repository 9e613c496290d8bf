"""Sentences on the journal as a whole: releasing a number, verifying, exporting, keeping: CX600 to CX619.

Rule 1: what went well is a line of ``LINES``, without a code: nobody looks it up.
"""

from chorus_xl.messages.message import WARNING, Message

_KEEP = (
    "Ne déposez rien et gardez ce journal tel quel pour qui l'examinera ; remettez ensuite en place une sauvegarde "
    "saine (chorus-xl journal restore)."
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX600",
        "Il n'y a pas de journal à cet endroit : {journal}",
        "Vérifiez les réglages CHORUS_XL_HOME et CHORUS_XL_JOURNAL. Un journal est créé au premier contrôle ou dépôt.",
    ),
    Message(
        "CX601",
        "Le journal ne sait rien du numéro « {number} »",
        "Vérifiez le numéro, tel qu'il est écrit dans la colonne « N° facture », ainsi que l'environnement et le "
        "fournisseur (--environment, --supplier).",
    ),
    Message(
        "CX602",
        "Le numéro « {number} » n'est pas en doute : le journal dit « {state} »",
        "Il n'y a rien à libérer.",
        why="Seul un numéro dont on ne sait pas ce que Chorus Pro en a fait peut être libéré par une personne.",
    ),
    Message(
        "CX603",
        "Le numéro « {number} » n'a pas encore été recherché sur Chorus Pro depuis son envoi incertain",
        "Pressez d'abord Actualiser : la recherche suffit le plus souvent. Libérez-le seulement si le doute demeure.",
        why="Une libération sans recherche pourrait faire partir deux fois la même facture.",
    ),
    Message(
        "CX604",
        "Le numéro « {number} » se trouve à plusieurs endroits du journal : {choices}",
        "Dites lequel avec --environment et --supplier.",
    ),
    Message(
        "CX605",
        "La raison donnée est trop courte (il faut au moins {length} caractères)",
        "Dites avec --because ce que vous avez vu, où et quand : c'est ce que lira l'auditeur.",
    ),
    Message(
        "CX606",
        "{what} n'a pas été confirmée",
        "Rien n'a été écrit. Relancez et répondez oui, ou ajoutez --yes à la commande.",
    ),
    Message(
        "CX607",
        "Le numéro « {number} » a changé dans le journal pendant que vous lisiez",
        "Rien n'a été écrit. Relancez la commande et relisez ce que dit maintenant le journal.",
        why="Un autre poste a pu retrouver cette facture entre-temps.",
    ),
    Message(
        "CX608",
        "Le journal {journal} est dans un dossier synchronisé ({service})",
        "Demandez à la personne qui entretient ce programme de le déplacer, aucune commande n'étant en cours, dans un "
        "dossier qui ne l'est pas (réglages CHORUS_XL_HOME et CHORUS_XL_JOURNAL).",
        why="Une synchronisation peut remplacer le journal par une version plus ancienne, ou en faire une seconde "
        "copie sur un autre poste : le programme oublierait des dépôts.",
        severities=WARNING,
    ),
    Message(
        "CX609",
        "La facture « {number} » a été modifiée depuis son envoi : {changes}",
        "Remettez dans la ligne ce qui a été envoyé : Chorus Pro ne connaît pas la modification. Pour corriger la "
        "facture elle-même, il faut un avoir et une nouvelle facture.",
        why="Le journal garde la ligne telle qu'elle est partie, avec l'empreinte de ses fichiers.",
        severities=WARNING,
    ),
    Message("CX610", "Journal {journal} : {lines} {lines:ligne|lignes}, {period}, chaîne intacte", "Rien à faire."),
    Message(
        "CX611",
        "Le fichier {path} existe déjà",
        "Choisissez un autre nom : un fichier de preuve ou de sauvegarde n'est jamais écrasé.",
    ),
    Message(
        "CX612",
        "Ligne {sequence} du journal ({place}) : {fault}",
        _KEEP,
        why="Chaque ligne porte l'empreinte d'elle-même et de la précédente : une ligne changée, retirée, ajoutée ou "
        "déplacée se voit.",
    ),
    Message(
        "CX613",
        "L'empreinte {head}, relevée plus tôt, n'est pas dans le journal : sa fin a été coupée, il a été refait, ou "
        "elle vient d'un autre journal",
        _KEEP,
        why="La chaîne seule ne prouve pas que rien n'a été coupé à la fin : une empreinte relevée avant le prouve.",
    ),
    Message(
        "CX614",
        "« {path} » n'a pas une extension connue ici",
        "Donnez au fichier un nom qui finit par {known}.",
    ),
    Message(
        "CX615",
        "Le fichier {path} ne peut pas être lu ou écrit ({detail})",
        "Vérifiez le chemin, vos droits et la place qui reste, puis recommencez. Le journal n'a pas été modifié.",
    ),
    Message(
        "CX616",
        "« {value} » ne contient aucune empreinte de tête",
        "Une empreinte a 64 chiffres ou lettres de a à f : copiez-la du dossier de preuve, ou d'une vérification "
        "imprimée.",
    ),
    Message(
        "CX617",
        "Le journal {path} ne tient pas : {count} {count:anomalie|anomalies}, la première à la ligne {first}",
        "Rien n'a été copié ni remplacé. Prenez une sauvegarde saine ; chorus-xl journal verify dit ce qui ne va pas.",
    ),
    Message(
        "CX618",
        "La sauvegarde {path} n'est pas une partie de ce journal, ni lui une partie d'elle",
        "Rien n'a été remplacé. Vérifiez le fichier, ou le journal que désigne CHORUS_XL_JOURNAL.",
        why="Remettre en place un autre journal ferait oublier tous les dépôts de celui-ci.",
    ),
    Message(
        "CX619",
        "Le journal est dans la base PostgreSQL « {database} », non dans un fichier",
        "Sauvegardez-le avec « pg_dump --format=custom » et remettez-le avec « pg_restore » dans une base vide, puis "
        "contrôlez-le par chorus-xl journal verify.",
    ),
)

FAULTS = {
    "changed": "son contenu a été changé, il n'est plus celui dont elle porte l'empreinte",
    "gap": "des lignes manquent juste avant elle",
    "unlinked": "elle ne suit pas la ligne d'avant : une ligne a été retirée, ajoutée ou déplacée ici",
    "impossible": "elle raconte ce qui ne peut pas arriver à cette facture après les lignes d'avant",
}
"""What ``CX612`` says, by the stable name of the fault."""

LINES = {
    "head": "Empreinte de tête : {head}",
    "scope": "{environment}, fournisseur {supplier} : {lines} {lines:ligne|lignes}",
    "more_faults": "… et {count} {count:autre anomalie|autres anomalies} : toutes sont dans la sortie --json",
    "exported": "{lines} {lines:ligne|lignes} du journal {lines:exportée|exportées} : {path}",
    "edited": "{rows} {rows:ligne|lignes} du classeur {rows:modifiée|modifiées} depuis leur envoi (feuille « "
    "Modifiées depuis »)",
    "backed_up": "Sauvegarde relue et intacte : {path} ({lines} {lines:ligne|lignes}, {period})",
    "backup": "Sauvegarde {path} : {lines} {lines:ligne|lignes}, {period}",
    "question": "Remettre cette sauvegarde à la place du journal, qui sera gardé à côté ? (oui/non)",
    "restored": "Journal remis en place depuis {path} ({lines} {lines:ligne|lignes}, {period})",
    "aside": "Le journal qui était là est gardé : {path}",
    "missing": "La sauvegarde n'a pas {lines} {lines:ligne plus récente|lignes plus récentes}, factures : {numbers}",
    "unreadable": "Le journal en place ne se lit pas : on ne peut pas dire ce qu'il a de plus que la sauvegarde",
    "look_up": "Pressez Actualiser : tout ce que la feuille dit déposé, et que ce journal ignore, sera recherché sur "
    "Chorus Pro avant tout envoi",
    "released": "Le numéro « {number} » est libre ({environment}). Rien n'a été envoyé : la prochaine pression de "
    "Déposer le jugera comme une ligne neuve",
    "written": "Note écrite : {path}",
    "period": "du {first} au {last}",
    "empty": "vide",
}
"""Lines for a terminal when all went well."""

EDITED = {
    "cell": "« {column} » était « {then} », la ligne dit « {now} »",
    "blank": "(vide)",
    "bytes_then": "{files}, tel qu'envoyé",
    "bytes_now": "un fichier du même nom, mais d'un autre contenu",
    "rate": "{rate} % sur {base}",
}
"""The parts of ``CX609``."""

EXPORT = {
    "sheet": "Journal",
    "edited": "Modifiées depuis",
    "sequence": "Ligne",
    "utc": "Le (UTC)",
    "paris": "Le (Paris)",
    "environment": "Environnement",
    "supplier_siret": "Fournisseur",
    "invoice_number": "N° facture",
    "event": "Événement",
    "event_code": "Événement (code)",
    "attempt": "Tentative",
    "user": "Utilisateur",
    "machine": "Poste",
    "pdf_sha256": "Empreinte du PDF (SHA-256)",
    "pdf_size": "Taille du PDF (octets)",
    "attachments_sha256": "Empreintes des pièces (SHA-256)",
    "attachments_size": "Tailles des pièces (octets)",
    "act": "Geste",
    "act_status": "Geste : statut qui le demandait",
    "act_since": "Geste : ce statut depuis le",
    "correlation_id": "Identifiant d'échange",
    "http_status": "Code HTTP",
    "return_code": "codeRetour",
    "cause": "Cause",
    "label": "Libellé de Chorus Pro",
    "reason": "Raison (libération)",
    "chorus_invoice_id": "Référence Chorus",
    "receipt": "Empreinte du certificat de dépôt",
    "chorus_status": "Statut Chorus (code)",
    "status_label": "Statut Chorus",
    "buyers_reason": "Motif du destinataire",
    "by": "Par (chez Chorus Pro)",
    "previous_hash": "Empreinte de la ligne d'avant",
    "hash": "Empreinte",
    "payload": "Contenu exact (JSON)",
    "row": "Ligne du classeur",
    "column": "Colonne",
    "then": "Ce qui a été envoyé",
    "now": "Ce que dit le classeur",
    "cut": "… [coupé : {count} caractères de plus]",
}
"""Sheets and column heads of the export that the clerk's workbook does not have."""

PLACES = {
    "line": "{at}, facture « {number} »",
    "scope": "--environment {environment} --supplier {supplier_siret} ({label})",
}
"""Where something stands in the journal, within a sentence."""

KNOWN = {
    "number": "Facture « {number} » – {environment}, fournisseur {siret}. Ce que sait le journal :",
    "entry": "  {at} – {event} (par {user}, sur {machine})",
    "content": "  Envoyée comme : {total} TTC, datée du {day}, au SIRET {recipient}, service {service}, fichier {file}",
    "theirs": "  Ce que Chorus Pro montre sous ce numéro : {theirs}",
    "check": "À vérifier d'abord sur portail.chorus-pro.gouv.fr, pour ce fournisseur : dans l'espace des factures "
    "émises, cherchez « {number} » sans limite de période ni de statut, et regardez aussi les factures en brouillon. "
    "Si cette facture y est, ne libérez pas le numéro : pressez Actualiser.",
    "question": "Vous avez vérifié que cette facture n'est pas sur le portail, et elle peut (re)partir ? (oui/non)",
}
"""What a person reads before releasing a number."""
