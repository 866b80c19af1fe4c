"""What an organisation asks beyond policy: more, never fewer; and what policy asks, in sentences.

Tables: policy_addition and policy_move (in intake.models, since a submission pins them). Verbs: add, end, move_policy. A newer
policy or newer additions show as a difference on an open submission and apply only when somebody decides so.
"""
