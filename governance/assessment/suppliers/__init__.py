"""What a supplier says for itself: a filled DTAC form that is read, and a link behind which its contact answers one sheet.

A form's answers land in the supplier's layer, unconfirmed until a person confirms them; what is unclear is not read and said
to be so. A link is for one sheet and ends on a day; whoever holds it sees that sheet and nothing else.
The tables SupplierForm and SupplierLink stand with the sheets. Verbs: read_form, accept_form, ask, open, answer, attach,
hand_in, revoke, send_again, remind.
"""
