"""Stopping and starting again: suspend, "use confirmed stopped" per site, resume, and what others may ask.

Suspending is a human act by the deploying organisation: one signature of the CSO, clinical lead, SRO or executive, at
once, with the fallback for staff. Resuming needs the CSO on the updated hazard log, then the executive (low tier: SRO).

Tables: Suspension, UseStopped, SuspensionRequest. Verbs: suspend, confirm_stopped, resume, ask_to_suspend, answer_request.
"""
