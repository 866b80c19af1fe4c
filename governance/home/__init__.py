"""First screens, the page of a deployment, and who answers for it: what draws on every room before it.

No tables. `queries`, `turns`, `looked` and `elsewhere` find, in bulk, what needs a person; `presenters` turn it into
sentences for the digital lead, for those who judge and sign, for a board member and for everybody else.
"""
