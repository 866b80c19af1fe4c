"""Telling people: an outbox written in the business transaction, delivered by a job, at once or as a daily digest.

Rooms above say whom and what; nothing here knows why. A failed delivery is tried again and stays visible.

Tables: Notice, Delivery, NoticePreference. Verbs: tell, prefer, deliver, gather_digests.
"""
