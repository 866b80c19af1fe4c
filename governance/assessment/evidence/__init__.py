"""Evidence: files by SHA-256 and links, with issuer, standard, version, issued and expires.

Tables: evidence (grow-only), evidence_use (what it supports). Verbs: attach, use, stop_using.
"""
