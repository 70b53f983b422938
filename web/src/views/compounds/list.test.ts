import { expect, it } from "vitest";
import type { CompoundCard } from "../../api/types";
import { acts, chosen, NO_FILTERS } from "./list";

const card = (id: string, label: string, more: Partial<CompoundCard> = {}): CompoundCard => ({
  id,
  label,
  classes: [],
  metabolite: false,
  evidence: { "measured in vivo": 1, "measured in vitro": 0, fitted: 0, computed: 0, assumed: 1 },
  cleared_by: [],
  acts_on: [],
  single: { rows: 2, within: 2 },
  studies: { victim: 0, perpetrator: 0 },
  brands: [],
  ...more,
});
const CARDS = [
  card("methadone-r", "(R)-methadone", { brands: ["Methadose"] }),
  card("abacavir", "Abacavir", { evidence: { "measured in vivo": 3, "measured in vitro": 0, fitted: 0, computed: 0, assumed: 1 } }),
  card("hydroxymidazolam-1", "1'-Hydroxymidazolam", { metabolite: true, single: { rows: 3, within: 1 } }),
];
const ids = (change: object) =>
  chosen(CARDS, { ...NO_FILTERS, ...change }, new Map([["abacavir", ["Ziagen substance"]]])).map((one) => one.id);

it("sorts by name without stereo descriptors and locants", () =>
  expect(ids({})).toEqual(["abacavir", "hydroxymidazolam-1", "methadone-r"]));
it("finds brands and synonyms, and tells metabolites", () => {
  expect(ids({ search: "methadose" })).toEqual(["methadone-r"]);
  expect(ids({ search: "ziagen" })).toEqual(["abacavir"]);
  expect(ids({ kind: "metabolite" })).toEqual(["hydroxymidazolam-1"]);
});
it("puts the worst first by assumed values and by misses", () => {
  expect(ids({ order: "assumed" }).at(-1)).toBe("abacavir");
  expect(ids({ order: "misses" })[0]).toBe("hydroxymidazolam-1");
});
it("says what a compound does, a kind at a time", () => {
  const acting = card("x", "x", {
    acts_on: [
      { on: "CYP3A4", kind: "inhibition" },
      { on: "P-gp", kind: "inhibition" },
      { on: "CYP3A4", kind: "induction" },
      { on: "CYP3A4", kind: "inhibition" },
    ],
  });
  expect(acts(acting)).toBe("inhibits CYP3A4, P-gp; induces CYP3A4");
});
