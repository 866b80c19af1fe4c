"""First screens, the page of a deployment, and who answers for it: what draws on every room before it.

No tables. `queries.waiting` finds what needs a person; `presenters` turn it into sentences for the digital lead, the
clinical safety officer, a board member and everybody else.
"""
