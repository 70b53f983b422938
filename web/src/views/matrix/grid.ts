/** From the rows of a screen and the filters to what the heat map and the table show. */
import type { Screen } from "../../api/types";
import { byName } from "../../ui/names";

export type Row = Screen["rows"][number];
export const [P, V, ROUTE, RATIO, MECHANISM, EVIDENCE, STUDIES] = [0, 1, 2, 3, 4, 5, 6] as const;
export const ROUTES = ["intravenous", "oral"] as const;

export type Filters = {
  search: string;
  acting: string;
  affected: string;
  enzyme: string;
  kind: string;
  direction: "" | "rise" | "fall";
  atLeast: number;
  evidence: string;
  studies: "" | "none" | "some";
  route: "" | "0" | "1";
  ofCase: boolean;
};
export const NO_FILTERS: Filters = {
  search: "",
  acting: "",
  affected: "",
  enzyme: "",
  kind: "",
  direction: "",
  atLeast: 1.25,
  evidence: "",
  studies: "",
  route: "",
  ofCase: false,
};
export type Order = "class" | "size" | "name";

/** One square of the map: the row with the larger change, and the one by the other route where there is one. */
export type Square = { row: Row; other: Row | null };
/** A line of the map: index into drugs (perpetrators) or victims. */
export type Line = { index: number; label: string; group: string };
export type Grid = { acting: Line[]; affected: Line[]; at: (r: number, c: number) => Square | null; rows: Row[]; squares: number };

/** Size of a change on the log scale, the same for × 2 and × 0.5. */
export const size = (ratio: number): number => (ratio > 0 ? Math.abs(Math.log(ratio)) : Infinity);

/** "CYP3A4 inhibition" → ["CYP3A4", "inhibition"]. */
export function mechanismOf(screen: Screen, row: Row): { enzyme: string; kind: string } | null {
  const text = screen.mechanisms[row[MECHANISM]];
  if (!text) return null;
  const cut = text.lastIndexOf(" ");
  return cut < 0 ? { enzyme: text, kind: "" } : { enzyme: text.slice(0, cut), kind: text.slice(cut + 1) };
}

/** Rows that pass all filters, the largest change first. `inCase` says whether a drug (index) is in the case. */
export function filtered(screen: Screen, filters: Filters, inCase: (drug: number) => boolean): Row[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const named = screen.drugs.map((drug) => matches(words, drug.label, drug.id));
  const target = screen.victims.map((victim) => matches(words, victim.label, victim.id) || (named[victim.drug] ?? false));
  const has = (drug: number, wanted: string) => !wanted || (screen.drugs[drug]?.classes.includes(wanted) ?? false);
  const least = Math.log(filters.atLeast) - 1e-9;
  const found = screen.rows.filter((row) => {
    const victim = screen.victims[row[V]]?.drug ?? -1;
    const how = mechanismOf(screen, row);
    return (
      size(row[RATIO]) >= least &&
      (!words.length || named[row[P]] || target[row[V]]) &&
      has(row[P], filters.acting) &&
      has(victim, filters.affected) &&
      (!filters.enzyme || how?.enzyme === filters.enzyme) &&
      (!filters.kind || how?.kind === filters.kind) &&
      (!filters.direction || row[RATIO] > 1 === (filters.direction === "rise")) &&
      (!filters.evidence || screen.evidence[row[EVIDENCE]] === filters.evidence) &&
      (!filters.studies || (row[STUDIES] === 0) === (filters.studies === "none")) &&
      (!filters.route || row[ROUTE] === Number(filters.route)) &&
      (!filters.ofCase || (inCase(row[P]) && inCase(victim)))
    );
  });
  return found.sort((a, b) => size(b[RATIO]) - size(a[RATIO]));
}

/** Lines and squares of the rows (largest first); lines without a square are left out. */
export function makeGrid(screen: Screen, rows: Row[], order: Order): Grid {
  const squares = new Map<number, Square>();
  const key = (p: number, v: number) => p * screen.victims.length + v;
  const weight = { acting: new Map<number, number>(), affected: new Map<number, number>() };
  for (const row of rows) {
    const known = squares.get(key(row[P], row[V]));
    if (known) {
      known.other = row;
      continue;
    }
    squares.set(key(row[P], row[V]), { row, other: null });
    add(weight.acting, row[P], size(row[RATIO]));
    add(weight.affected, row[V], size(row[RATIO]));
  }
  const group = groups(screen);
  const acting = lines(weight.acting, (i) => ({ index: i, label: screen.drugs[i]?.label ?? "", group: group[i] ?? "" }), order);
  const affected = lines(
    weight.affected,
    (i) => {
      const victim = screen.victims[i];
      return { index: i, label: victim?.label ?? "", group: group[victim?.drug ?? -1] ?? "" };
    },
    order,
  );
  const at = (r: number, c: number) => {
    const [p, v] = [acting[r]?.index, affected[c]?.index];
    return p === undefined || v === undefined ? null : (squares.get(key(p, v)) ?? null);
  };
  return { acting, affected, at, rows, squares: squares.size };
}

/** All classes that at least two drugs share, by name, with their number of drugs. */
export function classes(screen: Screen): [name: string, drugs: number][] {
  return [...counts(screen)].filter(([, n]) => n > 1).sort(([a], [b]) => a.localeCompare(b));
}

/** Kinds of mechanism that occur: inhibition, inactivation, induction. */
export function kinds(screen: Screen): string[] {
  return [...new Set(screen.mechanisms.map((text) => text.slice(text.lastIndexOf(" ") + 1)))].sort();
}

/** Each drug's most common class, which draws relatives together; what nothing is shared with is "other". */
function groups(screen: Screen): string[] {
  const known = counts(screen);
  const common = (name: string) => (/probe|metabolite|prodrug|^CYP|^UGT/.test(name) ? 0 : (known.get(name) ?? 0));
  return screen.drugs.map((drug) => {
    const [first] = [...drug.classes].sort((a, b) => common(b) - common(a));
    return first && common(first) > 1 ? first : "other";
  });
}

function counts(screen: Screen): Map<string, number> {
  const found = new Map<string, number>();
  for (const drug of screen.drugs) for (const name of drug.classes) add(found, name, 1);
  return found;
}

function lines(weight: Map<number, number>, line: (index: number) => Line, order: Order): Line[] {
  const found = [...weight.keys()].map(line);
  const heavy = (a: Line, b: Line) => (weight.get(b.index) ?? 0) - (weight.get(a.index) ?? 0);
  const name = (a: Line, b: Line) => byName(a.label, b.label);
  if (order === "size") return found.sort((a, b) => heavy(a, b) || name(a, b));
  if (order === "name") return found.sort(name);
  const last = (l: Line) => (l.group === "other" ? 1 : 0);
  return found.sort((a, b) => last(a) - last(b) || a.group.localeCompare(b.group) || name(a, b));
}

const matches = (words: string[], ...texts: string[]) =>
  words.length > 0 && words.every((w) => texts.some((t) => t.toLowerCase().includes(w)));

function add<K>(map: Map<K, number>, key: K, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}
