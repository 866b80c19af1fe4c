"""Retention: how long each kind of record and of stored file is kept, and why (`retention.yaml`).

Decides nothing about protected rows: the chain keeps them, and a redaction takes out what should never have been typed.
`past` counts what is past its period; `remove` removes what may go, as one event `retention.applied`. What the file calls
automatic goes with the day's due work, the rest by `flask retention --remove`.
"""
