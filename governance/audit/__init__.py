"""The chain: what happened, in order, so that nobody can quietly change it.

Tables: audit_stream (heads), audit_event (grow-only), audit_payload (beside, so that it can be redacted).
`record()` buffers an event in the open transaction; `seal` gives positions and hashes just before commit.
Each event lists every protected row it wrote with the SHA-256 of all its columns; a protected row
written without an event stops the commit. `verify` reads all of it again and compares.
"""
