"""Answer sheets, answers in two layers, and documents that stand in for a sheet.

Tables: answer_sheet, answer (grow-only), document (grow-only).
Verbs: open_sheet, answer, confirm, add_document. Every answer is a new row; the newest of its layer counts.
"""
