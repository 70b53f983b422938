"""The engine: a System of plain arrays, its events and outputs, to a Trajectory. It knows nothing of drugs."""

from clearway.engine.events import ADD, RATE, SET, Events, Outputs
from clearway.engine.result import EngineError, ResultCode, Trajectory
from clearway.engine.solver import processor_paths, solve
from clearway.engine.system import ACTIVITY, AMOUNT, QUADRATURE, System, SystemDefinitionError

__all__ = [
    "ACTIVITY", "ADD", "AMOUNT", "QUADRATURE", "RATE", "SET", "EngineError", "Events", "Outputs", "ResultCode", "System",
    "SystemDefinitionError", "Trajectory", "processor_paths", "solve",
]  # fmt: skip
