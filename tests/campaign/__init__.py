"""`syncd run` as real processes that are killed and cut off while a shop works; by hand, and shortly in the suite."""
