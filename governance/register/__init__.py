"""The register: what tools there are, who makes and sells them, and where each is deployed.

Tables: manufacturer, supplier, tool, tool_version, use_case (shared rows), deployment, deployment_site,
deployment_change (history), go_live, projection (all that partners and the public may see), reference_counter.
A deployment's stage and standing change only here (`move`), by the arrows of `lifecycle`.
"""
