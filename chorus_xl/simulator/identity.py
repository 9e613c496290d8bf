"""Who may talk to the stand-in: one PISTE application, one technical account, one fictitious supplier.

1. These are the only credentials that the stand-in accepts; none of them is a secret.
2. The password holds a colon on purpose: ``cpro-account`` must be split on the first one only.
3. The SIRET is fictitious, and sound by Luhn's key.
"""

CLIENT_ID = "rehearsal-client"
CLIENT_SECRET = "rehearsal-client-secret"  # noqa: S105  # a word for the rehearsal, opens nothing
TECH_LOGIN = "TECH_000000_000000@cpro.fr"
TECH_PASSWORD = "rehearsal:password"  # noqa: S105  # a word for the rehearsal, opens nothing
SUPPLIER_SIRET = "00000000000018"
