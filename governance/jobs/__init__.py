"""Work that waits: a job's row is written in the business transaction, then handed to huey after the commit.

Table: job. huey forgets a task when a worker is killed, so the row is the truth and a sweeper hands lost ones over
again. Verbs: `enqueue` (in an operation), `run` (in a worker). A room registers what a kind of job does with `handles`.
`schedule` does each room's due work once a day; the unique key of that day's job is its slot.
"""
