/** Edits of single doses on the timeline: pure functions of the case document. A dose is named by its entry and its number from 1. */
import type { Arm, CaseDoc, CheckedEntry, Entry } from "../api/types";
import { entriesOf, updateEntry } from "./edits";
import { hoursOf, hoursText } from "./quantity";

export type DoseRef = { arm: Arm; index: number; number: number };
export type DoseMark = DoseRef & { at: number; missed: boolean };

/** All doses of a checked entry in order of time, skipped ones among them. */
export function marksOf(entry: CheckedEntry): DoseMark[] {
  return [...entry.times_h.map((at) => ({ at, missed: false })), ...entry.missed_h.map((at) => ({ at, missed: true }))]
    .sort((a, b) => a.at - b.at)
    .map((mark, i) => ({ ...mark, arm: entry.arm, index: entry.index, number: i + 1 }));
}

/** Skips a dose, or takes a skipped one again. */
export function skipDose(doc: CaseDoc, { arm, index, number }: DoseRef): CaseDoc {
  const missed = entriesOf(doc, arm)[index]?.missed ?? [];
  const next = missed.includes(number) ? missed.filter((n) => n !== number) : [...missed, number].sort((a, b) => a - b);
  return updateEntry(doc, arm, index, { missed: next });
}

/** Shifts a whole series by hours; nothing begins before time 0. */
export function shiftSeries(doc: CaseDoc, arm: Arm, index: number, by: number): CaseDoc {
  const entry = entriesOf(doc, arm)[index];
  if (!entry || by === 0) return doc;
  return updateEntry(doc, arm, index, shifted(entry, by));
}

/** Moves one dose alone: of a series it is skipped there and given as an entry of its own. */
export function moveDose(doc: CaseDoc, mark: DoseMark, by: number): CaseDoc {
  const entry = entriesOf(doc, mark.arm)[mark.index];
  if (entry && !entry.every && !entry.times && !entry.doses) return shiftSeries(doc, mark.arm, mark.index, by);
  const at = Math.max(0, mark.at + by);
  if (!entry || at === mark.at) return doc;
  if (entry.doses) {
    const doses = entry.doses.map((dose, i) => (i === mark.number - 1 ? { ...dose, time: hoursText(at) } : dose));
    return updateEntry(doc, mark.arm, mark.index, { doses: doses.sort((a, b) => (hoursOf(a.time) ?? 0) - (hoursOf(b.time) ?? 0)) });
  }
  return addExtra(mark.missed ? doc : skipDose(doc, mark), mark, at);
}

/** Gives the same dose once more, some hours later. */
export function copyDose(doc: CaseDoc, mark: DoseMark, later: number): CaseDoc {
  return addExtra(doc, mark, mark.at + later);
}

function addExtra(doc: CaseDoc, { arm, index, number }: DoseRef, at: number): CaseDoc {
  const entry = entriesOf(doc, arm)[index];
  if (!entry) return doc;
  const { drug, route, over, as, fed } = entry;
  const dose = entry.doses?.[number - 1]?.dose ?? entry.dose;
  const added = { ...doc, [arm]: [...entriesOf(doc, arm), { drug, route }] };
  return updateEntry(added, arm, entriesOf(doc, arm).length, { dose, over, as, fed, start: hoursText(at) });
}

function shifted(entry: Entry, by: number): Partial<Entry> {
  const later = (text: string) => hoursText(Math.max(0, (hoursOf(text) ?? 0) + by));
  if (entry.doses) return { doses: entry.doses.map((dose) => ({ ...dose, time: later(dose.time) })) };
  if (entry.times) {
    const hours = entry.times.map((time) => ((((hoursOf(time) ?? 0) + by) % 24) + 24) % 24).sort((a, b) => a - b);
    return { times: hours.map(hoursText) };
  }
  const start = Math.max(0, (hoursOf(entry.start) ?? 0) + by);
  const moved = start - (hoursOf(entry.start) ?? 0);
  const until = hoursOf(entry.until);
  return { start: start ? hoursText(start) : undefined, ...(until === null ? {} : { until: hoursText(until + moved) }) };
}
