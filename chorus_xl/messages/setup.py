"""Messages: to be filled."""

from chorus_xl.messages.message import Message

MESSAGES: tuple[Message, ...] = ()
