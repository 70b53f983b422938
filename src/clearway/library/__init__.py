"""What is known: compounds, products, enzymes, references. Data only; nothing here computes pharmacology."""

from clearway.library.library import Library

__all__ = ["Library"]
