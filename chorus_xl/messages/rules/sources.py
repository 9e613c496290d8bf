"""Where the rules come from, as ``chorus-xl explain`` names it; all read on 23/11/2026."""

_READ = "lu le 23/11/2026"


def aife(section: str) -> str:
    """The State agency's current specification of Chorus Pro in the reform."""
    return f"AIFE, Spécifications externes FE, document Chorus Pro v1.1 (30/04/2026), {section}, {_READ}"


def dgfip(rule: str) -> str:
    """The tax administration's list of rules."""
    return f"DGFiP, annexe 7 « Règles de gestion » V1.9 (30/04/2026), {rule}, {_READ}"


def afnor(rule: str) -> str:
    """The standard's rules for invoices to public bodies, in their published transcription."""
    return f"AFNOR XP Z12-012, annexe A V1.3, {rule}, d'après invopop/gobl.fr.ctc, {_READ}"


def en16931(rule: str) -> str:
    """The European standard, as its official style sheets judge."""
    return f"EN 16931, {rule}, mesuré avec les feuilles XSLT officielles, {_READ}"


def oca(subject: str) -> str:
    """A client long in production."""
    return f"OCA, l10n_fr_chorus_account (branche 16.0), {subject}, {_READ}"


def api(subject: str) -> str:
    """The API's own description, where it was transcribed by clients."""
    return f"AIFE, annexe API, service soumettreFacture, {subject}, d'après plusieurs clients publiés, {_READ}"


def factur_x(term: str) -> str:
    """The Factur-X specification's Chorus Pro column."""
    return f"Factur-X, colonne « CHORUSPRO », {term}, {_READ}"


SIRET_KEY = f"INSEE, clé du SIRET et exception de La Poste, d'après python-stdnum 2.2 (stdnum.fr.siret), {_READ}"
LEAFLET = f"Notice aux fournisseurs des collectivités de Belfort (vers 2019), {_READ}"
PROGRAM = "Règle de ce programme ; aucune source de la plateforme n'est en cause"
