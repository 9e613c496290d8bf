"""The text of the procedure note for the reliable audit trail; its facts come from the configuration.

Rule 1: what the law says comes with its source and the day it was read; what the program cannot know is left for the
        company to write, and says so.
"""

NOTE = """# Note de procédure : dépôt des factures sur Chorus Pro

Établie le {today} par `chorus-xl journal procedure`, d'après les réglages du poste « {machine} » et le journal. À
relire, à compléter là où c'est demandé, à dater et à signer ; à refaire quand un réglage change.

## 1. Objet et textes

Cette note décrit les contrôles par lesquels l'entreprise suit ses factures aux personnes publiques, de la ligne
préparée jusqu'au dernier statut rendu par Chorus Pro. Elle fait partie de la documentation de la piste d'audit
fiable. Elle ne la remplace pas : le lien avec la commande, la livraison ou la prestation, et l'encaissement, est à
décrire au § 8.

| texte | ce qu'il demande | lu le |
|---|---|---|
| CGI, article 289, VII, 1° | des contrôles documentés et permanents établissant une piste d'audit fiable | {read} |
| BOI-TVA-DECLA-30-20-30-20 (07/02/2018) | les mêmes, pour toute facture sans signature qualifiée | {read} |
| Code de commerce, article L. 123-22 | pièces justificatives conservées dix ans | {read} |
| LPF, article L. 102 B | six ans ; sous forme informatique pour ce qui est établi ou reçu ainsi | {read} |

Textes lus dans des reproductions publiques ; la version en vigueur est à vérifier sur legifrance.gouv.fr et
bofip.impots.gouv.fr.

## 2. L'installation

| | |
|---|---|
| Fournisseur (SIRET) | {supplier} |
| Environnement | {environment} |
| Adresse de Chorus Pro | {platform} |
| Classeur | {workbook} |
| Dossier des PDF | {documents} |
| Dossier de travail | {home} |
| Journal | {journal} ({kind}) |
| Fichiers envoyés, gardés par empreinte | {archive} |
| Second regard | {second_look} |
| Délai avant qu'un envoi introuvable soit dit absent | {settling} secondes après une première recherche |
| Programme | chorus-xl {version}, Python {python}, {system} |

Les secrets (application PISTE, compte technique) sont dans le trousseau du système ou dans des variables
d'environnement ; ils ne sont ni dans le classeur, ni dans le journal.

## 3. Qui agit

Relevé dans le journal, tel que le système d'exploitation nomme l'utilisateur et le poste :

| utilisateur | poste | environnement | lignes | première | dernière |
|---|---|---|---|---|---|
{people}

À compléter par l'entreprise : fonctions de ces personnes, qui prépare, qui approuve, qui remplace.

## 4. L'ordre des opérations

1. Vérifier les budgets : avant un premier dépôt, puis quand un destinataire change, chaque SIRET et chaque code service
   de la feuille Budgets est comparé au répertoire de Chorus Pro, et la réponse est datée. Un SIRET dont la clé est
   fausse n'est jamais remplacé de lui-même : seulement si une personne le demande et que le répertoire ne connaît qu'un
   seul candidat ; le remplacement est inscrit au journal sous son nom.
2. Remplir : le SIRET et le code service viennent de la feuille Budgets, d'après le budget choisi.
3. Contrôler : chaque ligne est jugée (§ 5) ; rien n'est envoyé.
4. Déposer : ce qui est incertain est recherché ; chaque ligne est jugée de nouveau, répertoire de Chorus Pro compris ;
   une personne donne son accord sur le nombre, la somme et l'environnement ; le PDF et ses pièces sont transmis ;
   l'intention est inscrite au journal ; la facture est déposée, une seule fois ; ce qu'il en est advenu est inscrit ;
   la feuille est écrite d'après le journal.
5. Actualiser : le statut de chaque facture est demandé, inscrit au journal, puis écrit dans la feuille.
6. Agir : le statut de cet instant est demandé ; la liste de ce qui va être fait est montrée ; une personne donne son
   accord ; l'intention est inscrite au journal, le geste est fait, une seule fois par demande, et ce qu'il en est
   advenu est inscrit. Selon ce qui est revenu, la facture est
   - suspendue : les pièces et le commentaire ajoutés à sa ligne sont envoyés ; elle garde son numéro ;
   - rejetée : acte du rejet est pris auprès de Chorus Pro ; une nouvelle ligne est préparée, sous un nouveau
     numéro, qui nomme l'ancienne ; sa date et son PDF restent à donner, et elle repasse par 2, 3 et 4 ;
   - à recycler : elle est renvoyée au destinataire, au service ou à l'engagement corrigé sur sa ligne, après les mêmes
     contrôles ; elle garde son numéro, et le journal garde le premier destinataire ;
   - refusée au dépôt : rien n'est envoyé ; sa ligne est corrigée et repasse par 3 et 4, sous le même numéro.
7. Dossier de preuve : pour un lot ou un mois, les fichiers partis, les réponses, les statuts, les lignes du journal et
   les totaux de contrôle sont réunis ; rien n'est envoyé.
8. Un envoi dont la réponse s'est perdue est recherché par son numéro, jamais renvoyé à l'aveugle ; un geste de même.
   Une personne ne peut libérer un numéro en doute qu'après une recherche, avec une raison, inscrite sous son nom.

Second regard : {second_look_words} Agir n'en fait pas partie : compléter, prendre acte d'un rejet ou recycler se fait
sur l'accord de la personne qui presse ; son nom, ce qui part et l'empreinte des fichiers sont au journal. La ligne qui
remplace une facture rejetée est une facture nouvelle, déposée comme les autres.

## 5. Les contrôles

{rule_count} contrôles, appliqués à chaque ligne, à chaque pression de Contrôler et de Déposer. Une anomalie qui «
arrête » empêche le dépôt de la ligne ; une qui « avertit » est montrée et laisse décider.

| code | ce qui est relevé | effet |
|---|---|---|
{rules}

S'y ajoutent : la ligne ou le fichier modifié après l'envoi (CX609), la facture que le journal connaît déjà, le refus
d'un doublon par Chorus Pro.

## 6. Le journal

Le journal n'est jamais modifié ni effacé : la base le refuse, et chaque ligne porte l'empreinte SHA-256 de la
précédente. `chorus-xl journal verify` relit toute la chaîne et dit toute ligne changée, retirée, ajoutée ou déplacée.
La chaîne ne prouve pas à elle seule que rien n'a été coupé à la fin : l'empreinte de tête est à relever et à
conserver ailleurs (dossier de preuve, vérification imprimée), puis à donner par `--head`.

| | |
|---|---|
| Lignes | {lines} |
| Période | {period} |
| Vérification de ce jour | {verdict} |
| Empreinte de tête | `{head}` |

Chaque ligne dit : la date (UTC), l'environnement, le fournisseur, le numéro, l'événement, la tentative,
l'utilisateur, le poste. L'intention de dépôt y ajoute le contenu de la ligne du classeur, et le nom, l'empreinte
SHA-256 et la taille du PDF et des pièces ; celle d'un geste, le statut qui le demandait et ce qui est envoyé ; la
réponse, ses codes et la référence de Chorus Pro.

## 7. Conservation et restitution

Durée retenue : dix ans (Code de commerce, article L. 123-22), qui couvre les six ans du LPF, article L. 102 B. À
conserver ensemble : le journal et ses sauvegardes, les PDF et pièces tels qu'envoyés, les dossiers de preuve, cette
note.

- Sauvegarde : {backup}
- Restitution : `chorus-xl journal export --out journal.xlsx` (ou `.csv`), filtres par période, numéro, environnement.

À compléter par l'entreprise : fréquence, lieu et responsable des sauvegardes ; dernier essai de remise en place.

## 8. À compléter par l'entreprise

- Comment une facture naît (logiciel, numérotation, modèle) et comment elle se rattache à la commande et à la livraison.
- Qui compare le total déposé au total facturé, et quand.
- Comment l'encaissement est rapproché.
- Qui regarde les rejets et les suspensions (§ 4, point 6), sous quel délai, et qui décide d'un avoir.
- Qui contrôle le journal, à quelle fréquence, et où sont conservées les empreintes de tête.

Date, nom, signature :
"""

KINDS = {"file": "fichier SQLite", "server": "base PostgreSQL"}

EMBEDDED = "plateforme d'exercice dans ce poste : rien n'en sort"

UNKNOWN = "non réglée"

SECOND_LOOK = {
    True: ("activé", "qui prépare un lot ne peut pas le déposer lui-même."),
    False: ("non activé", "la même personne peut préparer et déposer ; à justifier ou à activer (feuille Paramètres)."),
}

EFFECTS = {"error": "arrête", "warning": "avertit"}

BACKUPS = {
    "file": "`chorus-xl journal backup --out FICHIER`, qui relit la copie ; remise en place par `chorus-xl journal "
    "restore`, qui garde le journal en place à côté",
    "server": "`pg_dump --format=custom` sur le serveur, contrôlé par `chorus-xl journal verify`",
}

VERDICTS = {True: "intact", False: "{count} {count:anomalie|anomalies} : à examiner avant de signer cette note"}

READ_ON = "23/11/2026"
"""The day on which the texts of the first section were read."""
