"""How a tool leaves: the tasks of decommissioning that a cease submission lists, and the lessons that stay.

Ceased records stay visible to all partners, with their lessons.

Tables: DecommissionTask, Lesson. Verbs: add_task, finish_task, record_lesson.
"""
