"""AI that is in use already: declared in ten fields at most, one by one, in bulk, or from the spreadsheet people have.

A declaration enters a deployment at its actual stage with standing `declared`. Nothing is back-dated: "in use since" is
kept as stated, and earlier paper approvals are evidence marked "not made here".

Tables: Declaration, RegisterImport. Verbs: declare, declare_for_many, upload_register, map_columns, bring_in.
"""
