"""Hazard workshops: when hazards were looked for together, by whom, and the minutes (DCB0160 v3.2, 4.1: multidisciplinary).

Table: workshop, grow-only and numbered within its deployment; what was recorded wrong is recorded again. Verb: record.
The hazard log lists them, the safety case report and the pack carry them.
"""
