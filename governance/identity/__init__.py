"""People, organisations, who works where, who is appointed to what, and signing in.

Tables: organisation (dated, with successor), organisation_link, site, person, professional_registration,
membership, appointment, agreement, delegation, sign_in_attempt. `actors.actor_for` makes the Actor of a request:
a person in the organisation that the URL names. Verbs: invite, appoint, end_appointment, end_membership,
agree, delegate, end_delegation, record_registration, change_password, sign_in.
"""
