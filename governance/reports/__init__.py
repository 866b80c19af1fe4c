"""Reports: PDFs that can be checked. Made by a job with progress, issued once, stored, then served as files.

Table: report (grow-only). Verbs: ask_for_report (writes the job's row), issue (the job's end).
"""
