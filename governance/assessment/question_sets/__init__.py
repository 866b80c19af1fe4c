"""Question sets: published, versioned questions as data, and the pure rules over them.

Decides which questions are asked, skipped or not yet reached; whether a value answers its question; and what the
answers come to. One file in `data/` per published version, never changed after release (a test pins each hash).
No tables. Verbs: `loader.question_set`, `rules.state_of`, `outcomes.pass_result`, `burden.steps`; `flask question-sets check` and
`routes`.
"""
