import { describe, expect, it } from "vitest";
import type { Drug, Screen } from "../../api/types";
import { toCsv } from "./csv";
import { filtered, makeGrid, NO_FILTERS, RATIO, type Filters } from "./grid";
import { hit, layOut } from "./layout";
import { moved } from "./moves";
import { pairCase } from "./pairCase";
import { inWords, STEPS, stepOf } from "./scale";

const drug = (id: string, classes: string[], dose = "600 mg/24 h") => ({ id, label: id, classes, dose, basis: "" });
const SCREEN: Screen = {
  drugs: [
    drug("efavirenz", ["NNRTI"]),
    drug("nevirapine", ["NNRTI"]),
    drug("methadone", ["opioid"]),
    drug("juice, fresh", [], "400 mL/8 h"),
  ],
  victims: [
    { id: "methadone", drug: 2, label: "methadone" },
    { id: "nevirapine", drug: 1, label: "nevirapine" },
  ],
  mechanisms: ["CYP2B6 induction", "CYP3A4 inhibition"],
  enzymes: ["CYP2B6", "CYP3A4"],
  evidence: ["measured in vivo", "measured in vitro", "fitted", "computed", "assumed"],
  rows: [
    [0, 0, 1, 0.45, 0, 4, 3],
    [0, 0, 0, 0.51, 0, 4, 3],
    [3, 0, 1, 1.3, 1, 3, 0],
    [1, 0, 1, 0.19, 0, 4, 0],
    [3, 1, 1, 2, 1, 4, 0],
  ],
  unchanged: 7,
};
const rows = (change: Partial<Filters>) => filtered(SCREEN, { ...NO_FILTERS, ...change }, (i) => i === 0 || i === 2);

describe("filters", () => {
  it("put the largest change first, falls and rises alike", () =>
    expect(rows({}).map((row) => row[RATIO])).toEqual([0.19, 0.45, 2, 0.51, 1.3]));
  it("count a change of exactly twofold as twofold, and 0.51 not", () =>
    expect(rows({ atLeast: 2 }).map((row) => row[RATIO])).toEqual([0.19, 0.45, 2]));
  it("find a drug as perpetrator and as victim", () => expect(rows({ search: "nevirapine" }).map((row) => row[RATIO])).toEqual([0.19, 2]));
  it("tell mechanism, direction, evidence, studies, route and class", () => {
    expect(rows({ kind: "inhibition", enzyme: "CYP3A4" })).toHaveLength(2);
    expect(rows({ direction: "fall", studies: "none" }).map((row) => row[RATIO])).toEqual([0.19]);
    expect(rows({ evidence: "computed" }).map((row) => row[RATIO])).toEqual([1.3]);
    expect(rows({ route: "0" }).map((row) => row[RATIO])).toEqual([0.51]);
    expect(rows({ acting: "NNRTI", affected: "opioid" })).toHaveLength(3);
  });
  it("keep to the case where asked", () => expect(rows({ ofCase: true }).map((row) => row[RATIO])).toEqual([0.45, 0.51]));
});

describe("grid", () => {
  const grid = makeGrid(SCREEN, rows({}), "size");
  it("has a line for each drug with a change, the heaviest first", () => {
    expect(grid.acting.map((line) => line.label)).toEqual(["nevirapine", "juice, fresh", "efavirenz"]);
    expect(grid.squares).toBe(4);
  });
  it("shows the larger of two routes and keeps the other", () => {
    const square = grid.at(
      2,
      grid.affected.findIndex((line) => line.label === "methadone"),
    );
    expect([square?.row[RATIO], square?.other?.[RATIO]]).toEqual([0.45, 0.51]);
  });
  it("keeps relatives together by class, loners last", () =>
    expect(makeGrid(SCREEN, rows({}), "class").acting.map((line) => line.group)).toEqual(["NNRTI", "NNRTI", "other"]));
  it("jumps to the next change and stays inside", () => {
    const byName = makeGrid(SCREEN, rows({}), "name"); // efavirenz, juice, nevirapine by methadone, nevirapine
    expect(moved(byName, { r: 0, c: 1 }, "ArrowDown", true)).toEqual({ r: 1, c: 1 });
    expect(moved(byName, { r: 2, c: 1 }, "ArrowDown", false)).toEqual({ r: 2, c: 1 });
    expect(moved(byName, null, "ArrowDown", false)).toEqual({ r: 0, c: 0 });
    expect(moved(byName, null, "a", false)).toBeNull();
  });
  it("knows the square under a point, scrolled or not, and none in the margins", () => {
    const layout = layOut(grid, 10, 1000);
    expect(hit(layout, grid, layout.left + 15, layout.top + 5, { x: 0, y: 0 })).toEqual({ r: 0, c: 1 });
    expect(hit(layout, grid, layout.left + 5, layout.top + 5, { x: 10, y: 20 })).toEqual({ r: 2, c: 1 });
    expect(hit(layout, grid, layout.left - 1, layout.top + 5, { x: 0, y: 0 })).toBeNull();
  });
});

describe("scale", () => {
  it("is the same for a ratio and its inverse", () => {
    for (const ratio of [1.25, 1.9, 2, 4.9, 5, 10, 60]) expect(stepOf(ratio) + stepOf(1 / ratio)).toBe(STEPS.length - 1);
    expect(stepOf(1.2)).toBe(-1);
    expect(STEPS[stepOf(0.3)]?.name).toBe("fall-2");
  });
  it("says the screen's classes", () =>
    expect([1.2, 1.25, 0.5, 0.2, 7].map(inWords)).toEqual([
      "changes less than 1.25-fold",
      "rises, weak",
      "falls, moderate",
      "falls, strong",
      "rises, strong",
    ]));
});

describe("pair", () => {
  const juice = {
    id: "grapefruit-juice",
    parts: ["juice, fresh"],
    routes: ["oral"],
    usual: { dose: "250 mL", route: "oral", every: "24 h", basis: "" },
  } as unknown as Drug;
  it("is asked with both drugs at the doses of the screen", () => {
    expect(pairCase(SCREEN, SCREEN.rows[1]!, new Map())?.case).toEqual({
      format: "clearway.case/1",
      regimen: [{ drug: "methadone", dose: "600 mg", route: "iv bolus", every: "24 h", count: 14 }],
      compare: [{ drug: "efavirenz", dose: "600 mg", route: "oral", every: "24 h", count: 14 }],
    });
  });
  it("takes the product where the dose is a volume", () =>
    expect(pairCase(SCREEN, SCREEN.rows[2]!, new Map([[juice.id, juice]]))).toMatchObject({
      perpetrator: "grapefruit-juice",
      case: { compare: [{ dose: "400 mL", every: "8 h" }] },
    }));
});

it("writes a table that quotes what holds commas", () => {
  expect(toCsv(SCREEN, [SCREEN.rows[2]!]).split("\n")).toEqual([
    "perpetrator,dose,victim,route,auc_ratio,mechanism,weakest_evidence,study_arms",
    '"juice, fresh",400 mL/8 h,methadone,oral,1.3,CYP3A4 inhibition,computed,0',
    "",
  ]);
});
