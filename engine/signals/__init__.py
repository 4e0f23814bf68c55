"""What is read out of a text: terms, sentiment, hostility, specificity, troll, personal data, questions, language.

Every text signal is computed here and nowhere else, a batch at a time, and both evaluators use what is found here. One
signal a module: its lists, its parameters, its measure. Reading order: `folding`, `terms`, then any.
"""

from engine.signals.facts import FactReader

__all__ = ["FactReader"]
