"""The one open port: whoever wants it imports a module of this room, and with it the web server; nobody else pays."""
