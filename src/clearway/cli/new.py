"""`clearway new FILE`: a commented case to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearway.cli.common import write_whole
from clearway.errors import InputError, Problem

TEMPLATE = """\
# A Clearway case. Run it with:  clearway compare {name}
# Every number has its unit. Names: 'clearway show --list'.
format: clearway.case/1
title: methadone, with and without nelfinavir

person:                     # leave out what you do not know: the reference adult is used
  sex: male                 # male | female
  age: 40                   # years
  height: 176 cm
  weight: 73 kg             # needed for doses in mg/kg
  # haematocrit: 0.45
  # albumin: 45 g/L
  # aag: 0.8 g/L            # α1-acid glycoprotein, which binds methadone
  # urine_ph: 6.3
  # egfr: 95 mL/min/1.73m²
  # child_pugh: A           # A | B | C: liver disease
  # genotype: {{CYP2B6: "*1/*6"}}   # unknown: the mixture of the population

regimen:                    # taken in both arms
  - {{drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 15}}
  # other ways to write times:
  # - {{drug: methadone, dose: 60 mg, route: oral, times: [8 h], days: "1-14"}}
  # - {{drug: methadone, dose: 60 mg, route: oral, start: 2 d, every: 24 h, until: 14 d}}
  # - {{drug: fentanyl, dose: 0.1 mg, route: iv infusion, over: 30 min, start: 336 h}}
  # - {{drug: cigarette, dose: 1 cigarette, route: inhaled, times: [8 h, 12 h, 16 h, 20 h], days: "1-28"}}
  # swallowed with a meal: add  fed: true
  # routes: oral, iv bolus, iv infusion, im, sc, inhaled, transdermal, sublingual, intranasal

compare:                    # added in the test arm only
  - {{drug: nelfinavir, dose: 1250 mg, route: oral, every: 12 h, count: 30}}

steady_state: [methadone]   # taken for long before time 0

# measure: {{after_dose: last, until: 24 h}}   # default: the last dosing interval of each drug above
# duration: 15 d
"""


def command(
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented case file to start from."""
    if file.exists() and not force:
        raise InputError(Problem("exists already (choose another name, or add --force)", str(file)))
    write_whole(file, TEMPLATE.format(name=file))
    print(f"wrote {file}; now: clearway compare {file}")
