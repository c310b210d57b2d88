"""A simulated Haravan shop."""
