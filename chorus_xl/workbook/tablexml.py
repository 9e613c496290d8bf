"""A table's own part, made as high as its rows.

Rule 1: what a clerk set on the columns stays; what belonged to the old rows (a sort, a line of totals) goes.
"""

import re

from lxml import etree

_LAST_ROW = re.compile(r"\d+$")


def is_provisional(root: "etree._Element") -> bool:
    """Whether the table's one row is but the place that Excel shows for a first entry."""
    return root.get("insertRow") in ("1", "true")


def resized(root: "etree._Element", last_row: int) -> bytes:
    """The table with that last row of data, and no line of totals."""
    etree.strip_elements(root, "{*}sortState", with_tail=False)
    for attribute in {"totalsRowCount", "insertRow"} & {str(name) for name in root.attrib}:
        del root.attrib[attribute]
    for element in (root, *root.iterfind("{*}autoFilter")):
        element.set("ref", _LAST_ROW.sub(str(last_row), element.get("ref", "")))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
