"""The organisations of the demonstration: London's boards as they are, and invented providers.

Boards, codes, sub-locations and the merger of 1 April 2026: organisation data service codes as public seed files of the
NHS carry them (see the README). Providers' codes begin with DEM, so that nobody takes them for real ones.
"""

from dataclasses import dataclass
from datetime import date

FOUNDED = date(2022, 7, 1)
MERGED = date(2026, 4, 1)
PUBLIC = "public: ODS code, NHS organisation data"
INVENTED = "invented for demonstration"


@dataclass(frozen=True)
class Entry:
    """One organisation with its parent and, where it ended, its successor."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    started_on: date = FOUNDED
    successor: str | None = None
    provenance: str = PUBLIC


BOARDS = (
    Entry("QMJ", "NHS North Central London Integrated Care Board", "icb", successor="Z9B2Z"),
    Entry("QRV", "NHS North West London Integrated Care Board", "icb", successor="Z9B2Z"),
    Entry("Z9B2Z", "NHS West and North London Integrated Care Board", "icb", started_on=MERGED),
    Entry("QMF", "NHS North East London Integrated Care Board", "icb"),
    Entry("QKK", "NHS South East London Integrated Care Board", "icb"),
    Entry("QWE", "NHS South West London Integrated Care Board", "icb"),
)
PLACES = (
    Entry("93C", "North Central London (sub-ICB location)", "sub_icb", parent="Z9B2Z"),
    Entry("W2U3Z", "North West London (sub-ICB location)", "sub_icb", parent="Z9B2Z"),
    Entry("A3A8R", "North East London (sub-ICB location)", "sub_icb", parent="QMF"),
    Entry("72Q", "South East London (sub-ICB location)", "sub_icb", parent="QKK"),
    Entry("36L", "South West London (sub-ICB location)", "sub_icb", parent="QWE"),
)
PROVIDERS = (
    Entry("DEM01", "Riverside Teaching Hospitals (invented)", "trust", parent="QKK", provenance=INVENTED),
    Entry("DEM02", "Eastfield Hospitals (invented)", "trust", parent="Z9B2Z", provenance=INVENTED),
    Entry("DEM03", "Southmere Community Trust (invented)", "trust", parent="QWE", provenance=INVENTED),
    Entry("DEM04", "Harbour Lane Practice (invented)", "practice", parent="QKK", provenance=INVENTED),
    Entry("DEM05", "Lanternmoor Surgery (invented)", "practice", parent="QKK", provenance=INVENTED),
    Entry("DEM06", "Copperbeck Practice (invented)", "practice", parent="QKK", provenance=INVENTED),
)
SITES = {
    "DEM01": ("Riverside main hospital", "Quayside hospital", "Northgate clinic"),
    "DEM02": ("Eastfield hospital",),
    "DEM03": ("Southmere health centre", "Millbrook unit"),
    "DEM04": ("Harbour Lane surgery",),
    "DEM05": ("Lanternmoor surgery",),
    "DEM06": ("Copperbeck surgery",),
    "QKK": ("Board offices",),
    "QMJ": ("Board offices",),
}
