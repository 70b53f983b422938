/** Search, filter and order of the list of compounds. */
import type { CompoundCard } from "../../api/types";
import { byName } from "../../ui/names";

export type Filters = { search: string; group: string; kind: "" | "parent" | "metabolite"; order: Order };
export type Order = "name" | "assumed" | "studies" | "misses";
export const NO_FILTERS: Filters = { search: "", group: "", kind: "", order: "name" };
export const ORDERS: Record<Order, string> = {
  name: "name",
  assumed: "share of assumed values",
  studies: "number of study arms",
  misses: "missed single-drug checks",
};

export const isMetabolite = (card: CompoundCard): boolean => card.metabolite || card.classes.some((name) => name.startsWith("metabolite"));
export const valuesOf = (card: CompoundCard): number => Object.values(card.evidence).reduce((sum, n) => sum + n, 0);
export const armsOf = (card: CompoundCard): number => card.studies.victim + card.studies.perpetrator;
const assumedShare = (card: CompoundCard) => card.evidence.assumed / Math.max(1, valuesOf(card));
const misses = (card: CompoundCard) => card.single.rows - card.single.within;

/** `synonyms` are those that the drugs of the start document give. */
export function chosen(cards: CompoundCard[], filters: Filters, synonyms: Map<string, string[]>): CompoundCard[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = cards.filter((card) => {
    const text = [card.id, card.label, ...card.classes, ...card.brands, ...(synonyms.get(card.id) ?? [])].join(" ").toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!filters.group || card.classes.includes(filters.group)) &&
      (!filters.kind || isMetabolite(card) === (filters.kind === "metabolite"))
    );
  });
  const by = { name: null, assumed: assumedShare, studies: armsOf, misses }[filters.order];
  return found.toSorted((a, b) => (by ? by(b) - by(a) : 0) || byName(a.label, b.label));
}

/** Classes that at least two compounds share. */
export function classes(cards: CompoundCard[]): [name: string, n: number][] {
  const counts = new Map<string, number>();
  for (const card of cards) for (const name of card.classes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, n]) => n > 1).sort(([a], [b]) => a.localeCompare(b, "en"));
}

/** "inhibits CYP3A4, CYP2D6; induces CYP2B6" */
export function acts(card: CompoundCard): string {
  const verbs = { inhibition: "inhibits", inactivation: "inactivates", induction: "induces" } as Record<string, string>;
  const kinds = [...new Set(card.acts_on.map((act) => act.kind))];
  return kinds
    .map(
      (kind) => `${verbs[kind] ?? kind} ${[...new Set(card.acts_on.filter((act) => act.kind === kind).map((act) => act.on))].join(", ")}`,
    )
    .join("; ");
}

export const cardHash = (id: string): string => `#/compounds/${encodeURIComponent(id)}`;
