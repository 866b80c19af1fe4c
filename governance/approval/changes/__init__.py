"""What changed after the approval: a version, the use, its people, the hosting, a certificate that ended.

Table: change_notice. Verbs: note_change, start_re_assurance, settle. What a change touches is in the policy's data.
"""
