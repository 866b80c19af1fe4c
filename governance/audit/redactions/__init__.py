"""Redaction: taking patient details that somebody typed out of the record, so that the chain still verifies.

Table: redaction (grow-only, audit/models.py): who asked, who did it, why and when stay, with digests before and after.
`find` looks for a text in every column that can hold words, and in stored files; `remove` puts a fixed marker in its place
wherever it was found; `withhold` takes a stored file away and keeps its row. Each leaves one event `redaction.made` in each
stream concerned. Which columns: `database/free_text.yaml`; the database lets nothing else through.
Backups, and the WAL of a PostgreSQL server, still hold the text until they are past their time: the command says so.
"""
