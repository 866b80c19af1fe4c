"""The walk of a draft: one page for one thing, kept as it is typed, until it is proposed.

What a draft holds and when it is complete is decided in `intake.rules`; here are its pages. No tables.
"""
