"""The engine: a System of plain arrays, its events and outputs, to a Trajectory. It knows nothing of drugs."""

from clearway.engine._program import Program, program_for
from clearway.engine.events import ADD, RATE, SET, Events, Outputs
from clearway.engine.result import EngineError, ResultCode, Trajectory
from clearway.engine.solver import processor_paths, solve
from clearway.engine.system import ACTIVITY, AMOUNT, QUADRATURE, System, SystemDefinitionError

__all__ = [
    "ACTIVITY", "ADD", "AMOUNT", "QUADRATURE", "RATE", "SET", "EngineError", "Events", "Outputs", "Program", "ResultCode",
    "System", "SystemDefinitionError", "Trajectory", "processor_paths", "program_for", "solve",
]  # fmt: skip
