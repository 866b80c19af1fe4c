"""Telling people: an outbox written in the business transaction, delivered by a job, at once or as a daily digest.

Rooms above say whom and what; nothing here knows why. Names and addresses come from `directory`, which the identity room
fills. A failed delivery is tried again and stays visible. Without SMTP_URL notices stay on pages and no delivery is made.

Tables: Notice, Delivery, NoticePreference. Verbs: tell, prefer, deliver, try_again, gather_digests.
"""
