"""Asking without returning: a question on an answer, a hazard or a figure, answered in place; sections given to colleagues.

Rooms above say what can be asked about, in `subjects`; nothing here knows what an answer or a hazard is.

Tables: Question, QuestionReply, Assignment, Looked. Verbs: ask, reply, close, assign, take_back, mark_looked.
"""
