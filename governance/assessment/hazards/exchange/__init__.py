"""Hazard logs that come and go as spreadsheets: written as XLSX and CSV, and brought in from them, all or nothing.

Tables: hazard_import (in the log's models). Verbs: upload_log, choose_sheet, map_columns, say_meanings, leave_out, bring_in,
drop. `fields` says what a column can be, `control_cells` how several controls share a cell, `mapping` and `check` read rows.
A supplier’s log comes in as the supplier’s: its ratings stay words beside ours and are never mapped to our matrix.
"""
