"""The interim decision on a declared tool: may it go on while it is assured? Continue, restrict or stop.

The clinical safety officer signs first, the authorising executive decides (policy: a declared tool gets an interim
decision by CSO and executive, by a day). Stop suspends the deployment at once. It never makes it assured.

Table: InterimDecision. Verbs: intend, carry_out.
"""
