"""Person × compounds → System: the only place where pharmacology becomes numbers.

Read in this order, like a methods section: `partition` (tissue : plasma water), `kinetics` (one compound's
parameters in the reference person), `interaction` (what a concentration does at an enzyme), `assemble`
(the ordinary differential equations as lists), `calibrate` (clearance from the situation in which it was seen).
"""
