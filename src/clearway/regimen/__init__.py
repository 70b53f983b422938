"""What is taken, when: case and study files → doses."""

from clearway.regimen.case import Case
from clearway.regimen.dose import Dose, Entry, Measured, PersonSpec, Regimen, SteadyState, Window
from clearway.regimen.entries import expand_rows, situation_regimen
from clearway.regimen.study import Arm, Study, load_studies, load_study
from clearway.regimen.study_fields import Observed

__all__ = [
    "Arm", "Case", "Dose", "Entry", "Measured", "Observed", "PersonSpec", "Regimen", "SteadyState", "Study",
    "Window", "expand_rows", "load_studies", "load_study", "situation_regimen",
]  # fmt: skip
