"""Intake: a digital lead proposes a tool; the facts that decide how much is asked are recorded once.

Tables: submission (a draft until proposed), submission_change (history), triage (grow-only), tier_change,
model_card. Verbs: start, save_draft, upload_card, propose, correct_triage, raise_tier, lower_tier, hold,
release, withdraw. Submission status moves only through `operations.move`, by the arrows of `lifecycle`.
"""
