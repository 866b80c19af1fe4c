"""What every room that speaks HTTP shares; it decides nothing about AI tools.

`templating` sets up templates and filters, `wording` writes dates and numbers, `fields` and `forms` draw WTForms with
the NHS.UK macros, `security` sets headers and judges where a sign-in may lead, `uploads` receives files.
Other rooms hand it what it must know of them; it imports none of them. It has no tables.
"""
