"""A shop's days in one process from one seed: people, carriers, bad weather and deaths, judged after every step."""
