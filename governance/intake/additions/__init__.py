"""What an organisation asks beyond policy: more, never fewer.

Table: policy_addition (in intake.models, since a submission pins it). Verbs: add, end. A newer policy or newer additions
show as a difference on an open submission and apply only when somebody decides so: policy_move.
"""
