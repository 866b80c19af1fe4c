"""How a person wants to be told."""

from governance.notifications.rules import PREFERENCES
from governance.web.fields import RadioField, SubmitField
from governance.web.forms import Form


class PreferenceForm(Form):
    """One of three ways."""

    delivery = RadioField(
        "When do you want an e-mail?",
        choices=list(PREFERENCES.items()),
        hints={
            "at_once": "One e-mail for each thing, as it happens.",
            "digest": "Early each morning, and only if there is something to say.",
            "page": "No e-mail. Your notices page has everything.",
        },
        required="Choose when you want an e-mail",
    )
    submit = SubmitField("Save")
