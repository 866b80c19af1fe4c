"""Between organisations: what partners and the public may see, and nothing else.

Pages here read only projections and the partner edition of decided packs: no contact details, no commercial terms, no
local evidence, no names below the role. Vetted is not endorsed.

No tables: projections are the register's, issued editions the reports'.
"""
