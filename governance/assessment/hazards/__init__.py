"""The hazard log (DCB0129/DCB0160): hazards, their controls, scores by lookup, and approved versions.

Tables: hazard and control (current values), hazard_revision (history), hazard_log_version (grow-only snapshots the
CSO approves, clause 3.3.2). Scoring waits for an approved plan. `matrix` is the 5×5 lookup, never a product.
Verbs: add_hazard, change_hazard, score, accept, change_status, add_control, change_control, remove_control,
make_version, approve_version. `findings` says what a log comes to; `words` holds the codes and their words.
"""
