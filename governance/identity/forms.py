"""Forms for signing in and changing a password."""

from wtforms.validators import DataRequired, Length

from governance.identity.credentials import LONGEST
from governance.web.fields import PasswordField, StringField, SubmitField
from governance.web.forms import Form


class SignInForm(Form):
    """E-mail address and password."""

    email = StringField("E-mail address", validators=[DataRequired("Enter your e-mail address"), Length(max=254)])
    password = PasswordField("Password", validators=[DataRequired("Enter your password"), Length(max=LONGEST)])
    submit = SubmitField("Sign in")


class PasswordForm(Form):
    """A new password, with the present one."""

    present = PasswordField("Present password", validators=[DataRequired("Enter your present password")])
    new = PasswordField(
        "New password",
        description="At least 12 characters. Three words that do not belong together are easy to remember.",
        validators=[DataRequired("Enter a new password"), Length(max=LONGEST)],
    )
    submit = SubmitField("Change password")
