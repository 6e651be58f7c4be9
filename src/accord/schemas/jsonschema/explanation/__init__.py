"""Differences in words, and changes that mend them."""
