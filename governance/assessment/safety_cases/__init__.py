"""The clinical safety case report of a deployment: the safety officer’s prose beside tables made from the hazard log.

Source: DCB0160 v3.2, clauses 3.4 (the case is an argument) and 3.5 (a report at each phase, approved by the clinical safety
officer). Table: safety_case, revisions that only grow; the tables are frozen when a revision is written. Verbs: write,
intend_approval, approve. `texts` says what is asked, `tables` what is generated, `slots` what later rooms add to it.
"""
