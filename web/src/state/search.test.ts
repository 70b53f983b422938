import { expect, it } from "vitest";
import type { Drug } from "../api/types";
import { matchIn, searchDrugs } from "./search";

const drug = (id: string, more: Partial<Drug>): Drug => ({
  id,
  label: id,
  kind: "compound",
  parts: [id],
  brands: [],
  synonyms: [],
  classes: [],
  routes: [],
  usual: null,
  ...more,
});
const drugs = [
  drug("levomethadone", {}),
  drug("methadone", { brands: ["Physeptone"], classes: ["opioid agonist"] }),
  drug("tenofovir", { classes: ["nucleoside reverse transcriptase inhibitor"] }),
  drug("truvada", { brands: ["Truvada"], parts: ["emtricitabine", "tenofovir"] }),
  drug("st-johns-wort", { label: "St John’s wort" }),
];
const found = (query: string) => searchDrugs(drugs, query).map(({ drug: { id }, by }) => [id, by.kind]);

it("names that begin so come first, parts of words last", () =>
  expect(found("methadone")).toEqual([
    ["methadone", "name"],
    ["levomethadone", "name"],
  ]));
it("brands, parts and classes are found and said", () => {
  expect(found("physep")).toEqual([["methadone", "brand"]]);
  expect(found("tenof")).toEqual([
    ["tenofovir", "name"],
    ["truvada", "part"],
  ]);
  expect(found("nrti")).toEqual([["tenofovir", "class"]]);
  expect(found("opioid")).toEqual([["methadone", "class"]]);
});
it("apostrophes and case do not matter", () => expect(found("ST JOHN'S")).toEqual([["st-johns-wort", "name"]]));
it("nothing typed finds nothing", () => expect(found("  ")).toEqual([]));
it("marks what matched", () => expect(matchIn("Methadone", "thad")).toEqual([2, 6]));
