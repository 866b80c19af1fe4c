"""Assessment: what is asked about a tool and a deployment, what was answered, and what that comes to.

Decides which questions apply, whether an answer meets its criterion, how hazards are scored, and what an assurance
pack holds. By thing, lowest first: question_sets, evidence, sheets, plans, hazards, packs.
Published questions and the risk matrix are data files here, not tables; rows refer to them by code and version.
"""
