"""Signing, in one shape for plans, log versions, packs, advice and authorisations.

Tables: sign_intent (ten minutes, used once), sign_off (grow-only, sealed with Ed25519).
Two steps: `intend` shows a person exactly what they sign and fixes its digest; `seal` takes the credential
and writes the row with role, appointment and registration as held at that moment.
"""
