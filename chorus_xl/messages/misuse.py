"""A command line that cannot be understood: ``CX544`` to ``CX549``.

Rule 1: what the library that reads the command line says in English stays beside, quoted, only where it says more.
"""

from chorus_xl.messages.message import Message

_HELP = "« {command} --help » dit les mots qu'elle attend."

MISUSE: tuple[Message, ...] = (
    Message("CX544", "Il manque {missing} à la commande « {command} »", _HELP),
    Message("CX545", "{kind} « {value} » n'existe pas", "{near}« {command} --help » dit ce qui existe."),
    Message("CX546", "La commande « {command} » a des mots de trop : « {value} »", f"Retirez-les. {_HELP}"),
    Message("CX547", "La valeur donnée à {name} ne convient pas : {detail}", f"Corrigez-la. {_HELP}"),
    Message(
        "CX548",
        "La commande a posé une question et n'a pas eu de réponse",
        "Rien de plus n'a été fait. Relancez-la dans une fenêtre où l'on peut répondre.",
    ),
    Message("CX549", "La commande « {command} » ne peut pas être comprise : « {detail} »", _HELP),
)

NEAR = "Vouliez-vous dire {names} ? "
KINDS = {"option": "L'option", "command": "La commande"}
VALUE_OF = "la valeur de {name}"
EXPECTED: tuple[tuple[str, str], ...] = (
    (r"valid integer", "il faut un nombre entier"),
    (r"valid (?:number|float)", "il faut un nombre"),
    (r"less than or equal to (?P<value>\S+)", "il faut {value} au plus"),
    (r"greater than or equal to (?P<value>\S+)", "il faut {value} au moins"),
    (r"not in the range (?P<value>.+)", "il faut {value}"),
    (r"is not one of (?P<value>.+)", "il faut l'un de ces mots : {value}"),
    (r"does not match the formats", "il faut un jour, comme 2026-11-30 ou 30/11/2026"),
)
"""What a value should be, by what typer says of one that is not; whatever else it says is quoted."""

SHOW_HELP = "Afficher cette aide."
HEADINGS = {
    "COMMANDS_PANEL_TITLE": "Commandes",
    "DEFAULT_STRING": "[défaut : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "DEPRECATED_STRING": "(abandonné) ",
    "ENVVAR_STRING": "[variable : {}]",
}
"""The words around a help page, by their names in ``typer.rich_utils``; « Arguments » and « Options » are French."""

MESSAGES: tuple[Message, ...] = MISUSE
