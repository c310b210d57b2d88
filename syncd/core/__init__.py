"""The rules: data in, decision out. No network, disk, clock, environment or logging in here."""
