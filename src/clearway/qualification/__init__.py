"""Held against clinical studies: the arms, the predictions in their own design, and the figures of accuracy."""
