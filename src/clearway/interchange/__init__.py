"""To and from other programs: event tables, medication lists, results as files."""

from clearway.interchange.events_in import parse_map, read_events
from clearway.interchange.events_out import event_table, write_events
from clearway.interchange.fhir import read_fhir
from clearway.interchange.imported import Imported

__all__ = ["Imported", "event_table", "parse_map", "read_events", "read_fhir", "write_events"]
