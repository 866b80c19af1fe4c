"""Evidence: files by SHA-256 and links, with issuer, standard, version, issued and expires; where it is used; what replaces it.

Tables: evidence (grow-only), evidence_use (what it supports), evidence_task (a supplier's lapsed return), quarantined_file.
Verbs: attach, use, stop_using, renew, move_on, close (a task), quarantine. Whether an item has expired is asked of a day,
never kept: a pack holds the date alone. Later rooms hand in where they use evidence (`places`).
"""
