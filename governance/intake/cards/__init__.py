"""CHAI Applied Model Cards: what a maker publishes about a model, read into fields of ours.

Decides what a readable card is (`reader.read_card`) and where each element of the schema goes (`mapping`).
Schema: coalition-for-health-ai/mc-schema, versions v0.1 and v0.2 (28 October 2025). Pure; it has no tables.
A card is the maker's word: what it fills stays marked until a person confirms it.
"""
