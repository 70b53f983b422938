"""Clearway: what the medicines and drugs one person takes do to each other."""
