"""What syncd costs at size; run by hand, never by the suite."""
