"""What a WSGI server loads: `granian --interface wsgi governance.wsgi:app`."""

from governance import create_app

app = create_app()
