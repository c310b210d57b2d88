"""Numbered schema steps, each a frozen picture of the tables it makes; applied in order when the store is opened."""
