"""Approval: sign-offs and advice in policy's order, the authorisation, conditions and the decision.

Tables: section_reading, advice, authorisation, decision, condition, condition_change. Sign-offs are sealed by `signing`.
Verbs: sign, advise, authorise, defer, resume_decision, return_for_information, refuse, recall,
offer_evidence, confirm_condition, waive_condition, record_go_live; `due` lapses what has passed its date.
"""
