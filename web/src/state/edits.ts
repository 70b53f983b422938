/** Edits of a case document, each a pure function: what the lists of the Case view do. */
import type { Arm, CaseDoc, Drug, Entry } from "../api/types";
import { hoursOf, hoursText } from "./quantity";

/** How long repeated drugs run unless the user says otherwise: long enough for induction to be complete. */
export const COURSE_DAYS = 21;

export const otherArm = (arm: Arm): Arm => (arm === "regimen" ? "compare" : "regimen");
export const entriesOf = (doc: CaseDoc, arm: Arm): Entry[] => doc[arm] ?? [];

/** The course in days: that of the longest repeated entry, or the default. */
export function courseDays(doc: CaseDoc): number {
  const spans = allEntries(doc).map((entry) => repeatedHours(entry) ?? 0);
  const longest = Math.max(0, ...spans);
  return longest > 0 ? Math.max(1, Math.round(longest / 24)) : COURSE_DAYS;
}

export function isRepeated(entry: Entry): boolean {
  return entry.every !== undefined && (entry.count !== 1 || entry.until !== undefined);
}

/** Adds a drug with its usual dose. A repeated drug runs through the course and, where already taken, is at steady state; a single dose comes on the last day. */
export function addDrug(doc: CaseDoc, drug: Drug, arm: Arm): CaseDoc {
  const days = courseDays(doc);
  const firstRepeated = Boolean(drug.usual?.every) && !allEntries(doc).some(isRepeated);
  const entry: Entry = { drug: drug.id, dose: drug.usual?.dose ?? "", route: drug.usual?.route ?? drug.routes[0] ?? "oral" };
  const every = hoursOf(drug.usual?.every ?? undefined);
  if (drug.usual?.every && every) Object.assign(entry, { every: drug.usual.every, count: Math.max(1, Math.round((days * 24) / every)) });
  else if (allEntries(doc).some(isRepeated)) entry.start = hoursText((days - 1) * 24);
  const placed = firstRepeated
    ? mapEntries(doc, (old) => (isSingleAtZero(old) ? { ...old, start: hoursText((days - 1) * 24) } : old))
    : doc;
  const added = { ...placed, [arm]: [...entriesOf(placed, arm), entry] };
  return arm === "regimen" && entry.every ? withSteady(added, drug.id, true) : added;
}

export function updateEntry(doc: CaseDoc, arm: Arm, index: number, change: Partial<Entry>): CaseDoc {
  return { ...doc, [arm]: entriesOf(doc, arm).map((entry, i) => (i === index ? dropEmpty({ ...entry, ...change }) : entry)) };
}

export function removeEntry(doc: CaseDoc, arm: Arm, index: number): CaseDoc {
  return forgetSteady({ ...doc, [arm]: entriesOf(doc, arm).filter((_, i) => i !== index) });
}

/** Moves an entry to the other list. Taken drugs that repeat are taken as stable; started ones begin at time 0. */
export function moveEntry(doc: CaseDoc, arm: Arm, index: number): CaseDoc {
  const entry = entriesOf(doc, arm)[index];
  if (!entry) return doc;
  const to = otherArm(arm);
  const moved = forgetSteady({ ...doc, [arm]: entriesOf(doc, arm).filter((_, i) => i !== index), [to]: [...entriesOf(doc, to), entry] });
  return to === "regimen" && isRepeated(entry) ? withSteady(moved, entry.drug, true) : moved;
}

export function isSteady(doc: CaseDoc, drug: string): boolean {
  return doc.steady_state?.includes(drug) ?? false;
}

export function withSteady(doc: CaseDoc, drug: string, steady: boolean): CaseDoc {
  const rest = (doc.steady_state ?? []).filter((name) => name !== drug);
  return { ...doc, steady_state: steady ? [...rest, drug] : rest };
}

/** Lets every repeated entry that begins at time 0 run for so many days; single doses on the old last day follow to the new one. */
export function setCourse(doc: CaseDoc, days: number): CaseDoc {
  const last = (courseDays(doc) - 1) * 24;
  return mapEntries(doc, (entry) => {
    const every = hoursOf(entry.every);
    if (isRepeated(entry) && every && !hoursOf(entry.start))
      return dropEmpty({ ...entry, until: undefined, missed: undefined, count: Math.max(1, Math.round((days * 24) / every)) });
    return !isRepeated(entry) && last > 0 && hoursOf(entry.start) === last ? { ...entry, start: hoursText((days - 1) * 24) } : entry;
  });
}

export function setPerson(doc: CaseDoc, name: string, value: string | number | undefined): CaseDoc {
  const { [name]: _, ...rest } = doc.person ?? {};
  return tidyPerson({ ...doc, person: value === undefined || value === "" ? rest : { ...rest, [name]: value } });
}

export function setGenotype(doc: CaseDoc, gene: string, value: string): CaseDoc {
  const before = (doc.person?.genotype ?? {}) as Record<string, string>;
  const { [gene]: _, ...rest } = before;
  const genotype = value ? { ...rest, [gene]: value } : rest;
  const { genotype: __, ...person } = doc.person ?? {};
  return tidyPerson({ ...doc, person: Object.keys(genotype).length ? { ...person, genotype } : person });
}

/** The document as sent and saved: without empty blocks. */
export function tidy(doc: CaseDoc): CaseDoc {
  const { compare, steady_state, title, ...rest } = doc;
  return {
    ...rest,
    ...(title?.trim() ? { title } : {}),
    ...(compare?.length ? { compare } : {}),
    ...(steady_state?.length ? { steady_state } : {}),
  };
}

export function allEntries(doc: CaseDoc): Entry[] {
  return [...entriesOf(doc, "regimen"), ...entriesOf(doc, "compare")];
}

/** The hours that a repeated entry covers; null for others. */
function repeatedHours(entry: Entry): number | null {
  const every = hoursOf(entry.every);
  if (!every) return null;
  if (entry.count) return every * entry.count;
  const until = hoursOf(entry.until);
  return until === null ? null : until - (hoursOf(entry.start) ?? 0);
}

function isSingleAtZero(entry: Entry): boolean {
  return !entry.every && !entry.times && !entry.doses && !hoursOf(entry.start);
}

function mapEntries(doc: CaseDoc, change: (entry: Entry) => Entry): CaseDoc {
  return { ...doc, regimen: entriesOf(doc, "regimen").map(change), compare: entriesOf(doc, "compare").map(change) };
}

/** Steady state is only of drugs that are still taken. */
function forgetSteady(doc: CaseDoc): CaseDoc {
  const taken = new Set(entriesOf(doc, "regimen").map((entry) => entry.drug));
  return doc.steady_state ? { ...doc, steady_state: doc.steady_state.filter((drug) => taken.has(drug)) } : doc;
}

function tidyPerson(doc: CaseDoc): CaseDoc {
  if (doc.person && Object.keys(doc.person).length) return doc;
  const { person: _, ...rest } = doc;
  return rest;
}

function dropEmpty(entry: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && !value.length)),
  ) as Entry;
}
