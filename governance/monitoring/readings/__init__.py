"""What is measured: indicators of a deployment, and their figures, by form and by CSV.

Figures are never changed: a correction is a newer row for the same period, and the highest revision counts. One event
tells of a batch with a digest over its ordered rows; `flask audit verify` computes it again.

Tables: Indicator, ReadingBatch, Reading, Rebase. Verbs: add_indicator, end_indicator, take_from_plan, enter, rebase.
"""
