"""Plans and the safety decision: clinical risk management plan, monitoring plan, "not safety related".

Tables: risk_plan, monitoring_plan, safety_decision (all grow-only; the newest revision counts).
The CSO approves a plan (a sealed sign-off, in two steps) before any hazard is scored (DCB0160 3.2.2). Verbs:
write_risk_plan, approve_risk_plan, write_monitoring_plan, decide_safety. `texts` is what a plan is asked to say;
`door` is what its pages share with those of the hazard log.
"""
