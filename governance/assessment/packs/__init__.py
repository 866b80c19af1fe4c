"""Assurance packs: everything assessed, frozen as canonical JSON in sections, each with its digest.

Tables: judgement, assurance_pack, pack_section (grow-only). `content.build` reads live content and holds nothing that
depends on today; `operations.submit` freezes it; `queries.differences` rebuilds and compares.
"""
