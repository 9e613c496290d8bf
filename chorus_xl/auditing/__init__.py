"""What an auditor asks of the journal as a whole: whether it holds, what stands in it, how it is made and kept.

Rule 1: nothing here writes to a journal, but for putting a backup in its place (``journal.backup``).
Rule 2: what is handed out is French and for people; the payload of a line goes with it as it stands.
"""
