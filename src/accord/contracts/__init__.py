"""Contracts as code: files that say what is on a topic, who owns it and who reads it; and what is done with them."""
