"""What the platform was told of an invoice up to now.

Rule 1: it is what the deposit said, changed by each act that the platform did; what was asked of it and not done
        changes nothing.
Rule 2: what an accepted invoice was recognised by counts for more than what was intended.
"""

from chorus_xl.domain.acts import Act, ActState
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record

RECYCLED = ("recipient_siret", "service_code", "engagement_number")
"""What recycling changes."""

_FILES = ("attachments", "attachments_sha256", "attachments_size")
"""What completing adds to, each a list of one item a file."""


def as_sent(record: Record) -> dict[str, str]:
    """Attributes of ``domain.columns`` and their text; empty when nothing is known but the number."""
    said = dict(record.content)
    if record.state is State.ACCEPTED:
        said |= record.details
    for act in record.acts:
        if act.state is not ActState.DONE:
            continue
        if act.act is Act.RECYCLE:
            said |= {name: act.content[name] for name in RECYCLED if name in act.content}
        if act.act is Act.COMPLETE:
            for name in _FILES:
                said[name] = ";".join(filter(None, (said.get(name, ""), act.content.get(name, ""))))
        if act.content.get("comment"):
            said["comment"] = act.content["comment"]
    return said
