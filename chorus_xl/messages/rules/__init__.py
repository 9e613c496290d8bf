"""Sentences of the rules: CX2xx, in the order of their codes."""

from chorus_xl.messages.message import Message
from chorus_xl.messages.rules import amounts, documents, identity, recipient, setup

MESSAGES: tuple[Message, ...] = (
    *identity.MESSAGES,
    *recipient.MESSAGES,
    *amounts.MESSAGES,
    *setup.MESSAGES,
    *documents.MESSAGES,
)
