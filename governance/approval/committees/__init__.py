"""A committee: who sits on it, its meetings, agenda, attendance, opinions, actions, and minutes.

Tables: committee, meeting, agenda_item, enclosure, attendance, conflict_of_interest, meeting_action, meeting_comment,
meeting_change. It records an opinion and the sign-offs and authorisation that were made; it never makes or replaces one.
"""
