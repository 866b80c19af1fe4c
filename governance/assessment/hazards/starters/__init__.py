"""Starting hazards by kind of tool: a published list of ours, from which a workshop takes what fits into the log.

No tables: the list is versioned data (`../data/library-1.yaml`). Verb: take. A hazard taken says where it came from
(`library:imaging 3`), is never scored, and its controls are not verified.
"""
