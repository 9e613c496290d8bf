"""Sentences on the supplier's own settings: CX270 to CX279."""

from chorus_xl.messages.message import EITHER, ERROR, WARNING, Message
from chorus_xl.messages.rules.sources import PROGRAM, SIRET_KEY, aife, api

_SHEET = "dans la feuille Paramètres"

MESSAGES: tuple[Message, ...] = (
    Message(
        "CX270",
        "Le paramètre « {name} » est vide",
        f"Tapez votre SIRET (14 chiffres) {_SHEET}.",
        source=aife("§3.2.1.1"),
        severities=ERROR,
    ),
    Message(
        "CX271",
        "Le paramètre « {name} » contient « {value} », qui n'est pas un SIRET : il faut 14 chiffres",
        f"Corrigez-le {_SHEET}.",
        source=aife("§3.2.1.1"),
        severities=ERROR,
    ),
    Message(
        "CX272",
        "Le paramètre « {name} » contient {value}, un SIRET dont la clé est fausse",
        f"Corrigez-le {_SHEET}.",
        why="La plateforme de qualification invente des SIRET dont la clé est fausse : ce n'y est qu'un avertissement.",
        source=SIRET_KEY,
        severities=EITHER,
    ),
    Message(
        "CX273",
        "Le cadre {framework} exige un valideur, et le paramètre « {name} » est vide",
        f"Tapez le SIRET du titulaire du marché {_SHEET}, ou choisissez un autre cadre.",
        source=api("codeStructureValideur"),
        severities=ERROR,
    ),
    Message(
        "CX274",
        "Le paramètre « {name} » contient « {value} », qui n'est pas dans la liste",
        "Choisissez parmi : {choices}. En attendant, la valeur d'origine est retenue.",
        source=api("énumérations du swagger « Chorus Pro – Factures » 1.0.0 (2020)"),
        severities=ERROR,
    ),
    Message(
        "CX275",
        "Votre catégorie d'entreprise est {value} : depuis le 1er septembre 2026, vos factures passent par une "
        "plateforme agréée",
        "Voyez avec votre plateforme agréée. Ce programme dépose par le circuit historique de Chorus Pro.",
        why="Le circuit historique reste ouvert aux PME et microentreprises jusqu'au 1er septembre 2027.",
        source=aife("§2.2.3.1 et 2.3.2"),
        severities=WARNING,
    ),
    Message(
        "CX276",
        "Le paramètre « {name} » contient « {value} », qui ne se lit pas",
        f"Retapez-le {_SHEET}, cellule au format Texte. En attendant, la valeur d'origine est retenue.",
        source=PROGRAM,
        severities=ERROR,
    ),
    Message(
        "CX277",
        "Le paramètre « {name} » contient « {value} », lu « {read} »",
        f"Vérifiez-le, et retapez-le {_SHEET}, cellule au format Texte.",
        source=PROGRAM,
        severities=WARNING,
    ),
)
