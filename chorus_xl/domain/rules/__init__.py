"""The checks that a row passes before it may leave.

Rule 1: a rule is a pure function from the batch and the facts to findings; ``RULES`` lists them all, and is never added
        to at run time.
Rule 2: all findings of a row are given at once; only what is certain is an error, and a good row is never refused.
Rule 3: the order of findings is the order of ``RULES``.
Rule 4: every rule of the State or the platform carries its source in ``chorus_xl.messages.rules``.

The rules are those of a PDF deposit in the historic circuit; see ``setup`` for whom that circuit is still open to.
"""

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.rules import amounts, contents, documents, identity, recipient, setup
from chorus_xl.domain.rules.facts import Facts, KnownDeposit, Rule

__all__ = ["RULES", "Facts", "KnownDeposit", "Rule", "check"]

RULES: tuple[Rule, ...] = (
    *setup.RULES,
    *identity.RULES,
    *recipient.RULES,
    *amounts.RULES,
    *documents.RULES,
    *contents.RULES,
)


def check(batch: Batch, facts: Facts) -> tuple[Finding, ...]:
    """Run every rule over the whole batch."""
    return tuple(finding for rule in RULES for finding in rule(batch, facts))
