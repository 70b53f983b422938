/** Finding drugs by name, brand, synonym or class as one types. */
import type { Drug } from "../api/types";

/** A drug found, with what matched where that is not its name. */
export type Found = { drug: Drug; by: { kind: keyof typeof KIND_COST; text: string } };

const KIND_COST = { name: 0, brand: 10, synonym: 12, id: 14, part: 20, class: 30 } as const;

/** Classes by their other name, since people type either. */
const SPELLED: Record<string, string> = {
  INSTI: "integrase strand transfer inhibitor",
  NNRTI: "non-nucleoside reverse transcriptase inhibitor",
  "nucleoside reverse transcriptase inhibitor": "NRTI",
  "HIV protease inhibitor": "PI",
  SSRI: "selective serotonin reuptake inhibitor",
  SNRI: "serotonin-noradrenaline reuptake inhibitor",
};

export function searchDrugs(drugs: readonly Drug[], query: string, most = 30): Found[] {
  const wanted = fold(query);
  if (!wanted) return [];
  const found: (Found & { cost: number })[] = [];
  for (const drug of drugs) {
    const best = keysOf(drug)
      .map((by) => ({ by, cost: KIND_COST[by.kind] + costOf(fold(by.text), wanted) }))
      .sort((a, b) => a.cost - b.cost)[0];
    if (best && best.cost < Infinity) found.push({ drug, by: best.by, cost: best.cost + drug.label.length / 1000 });
  }
  return found.sort((a, b) => a.cost - b.cost || a.drug.label.localeCompare(b.drug.label)).slice(0, most);
}

/** The start and the end of the match inside a text, for marking it; null where only folding found it. */
export function matchIn(text: string, query: string): [number, number] | null {
  const at = text.toLowerCase().indexOf(query.trim().toLowerCase());
  return at < 0 ? null : [at, at + query.trim().length];
}

function keysOf(drug: Drug): Found["by"][] {
  return [
    { kind: "name", text: drug.label },
    { kind: "id", text: drug.id },
    ...drug.brands.map((text) => ({ kind: "brand" as const, text })),
    ...drug.synonyms.map((text) => ({ kind: "synonym" as const, text })),
    ...(drug.parts.length > 1 ? drug.parts.map((text) => ({ kind: "part" as const, text })) : []),
    ...drug.classes.map((text) => ({ kind: "class" as const, text: SPELLED[text] ? `${text} (${SPELLED[text]})` : text })),
  ];
}

/** 0 the whole, 1 the beginning, 2 the beginning of a word, 5 anywhere (from two letters on). */
function costOf(text: string, wanted: string): number {
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  if (text.split(/[\s\-/()+,]+/).some((word) => word.startsWith(wanted))) return 2;
  return wanted.length > 1 && text.includes(wanted) ? 5 : Infinity;
}

function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f’']/g, "")
    .toLowerCase()
    .trim();
}
