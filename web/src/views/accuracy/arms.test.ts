import { describe, expect, it } from "vitest";
import type { StudyArm } from "../../api/types";
import { figuresOf, fold, guest, NO_FILTERS, points, selected } from "./arms";
import { frameOf, ticks, xOf, yOf } from "./axes";
import { assumption, doseText, genes } from "./study";

const arm = (id: string, observed: number, predicted: number | null, more: Partial<StudyArm> = {}): StudyArm => ({
  id,
  title: `${id} study`,
  perpetrators: ["rifampicin"],
  victims: ["midazolam"],
  compound: "midazolam",
  route: "oral",
  quantity: "auc",
  observed,
  observed_low: null,
  observed_high: null,
  predicted,
  fitted: false,
  people: null,
  reference: "",
  address: "",
  confidence: "high",
  ...more,
});
const ALL = points([
  arm("A", 0.5, 1),
  arm("B", 4, 3),
  arm("C", 1, 1.4, { fitted: true, quantity: "cmax", compound: "digoxin" }),
  arm("D", 2, null),
]);

describe("arms", () => {
  it("leave out what has no prediction", () => expect(ALL.map((point) => point.id)).toEqual(["A", "B", "C"]));
  it("are off by the same fold above and below", () => expect(ALL.map(fold)).toEqual([2, 4 / 3, 1.4]));
  it("have the limits of Guest 2011: none at 1, towards twofold far from it", () => {
    expect([1, 2, 0.5, 4].map(guest)).toEqual([1, 1.5, 1.5, 1.75]);
    expect(guest(1000)).toBeCloseTo(2, 2);
  });
  it("are chosen by words, fit, quantity and misfit", () => {
    const ids = (change: object) => selected(ALL, { ...NO_FILTERS, ...change }).map((point) => point.id);
    expect(ids({ search: "rifampicin digoxin" })).toEqual(["C"]);
    expect(ids({ fitted: "no" })).toEqual(["A", "B"]);
    expect(ids({ quantity: "cmax" })).toEqual(["C"]);
    expect(ids({ outside: "2" })).toEqual([]); // exactly twofold is inside
    expect(ids({ outside: "guest" })).toEqual(["A", "C"]);
  });
  it("have figures, each arm counting once", () => {
    const figures = figuresOf(ALL)!;
    expect(figures.gmfe).toBeCloseTo((2 * (4 / 3) * 1.4) ** (1 / 3), 12);
    expect(figures.bias).toBeCloseTo((2 * (3 / 4) * 1.4) ** (1 / 3), 12);
    expect([figures.within(1.25), figures.within(2), figures.inGuest]).toEqual([0, 1, 1 / 3]);
    expect(figuresOf([])).toBeNull();
  });
});

it("the frame holds all points and puts equal values on the diagonal", () => {
  const frame = frameOf(ALL, 600);
  expect(xOf(frame, 1) - frame.left).toBeCloseTo(
    ((frame.size - frame.bottom - yOf(frame, 1)) * (600 - frame.left - frame.right)) / (600 - frame.top - frame.bottom),
    9,
  );
  expect(ticks(frame)).toContain(0.5);
  expect(ticks(frameOf(ALL, 300))).toEqual([0.1, 1, 10]);
});

it("a study is told in words", () => {
  expect(doseText({ drug: "x", dose: "600 mg", route: "oral", start: "312 h", every: "24 h", count: 16 })).toBe(
    "600 mg oral every 24 h, 16 doses, from 312 h",
  );
  expect(doseText({ drug: "x", dose: "0.2 mg/kg", route: "iv infusion", over: "30 min", start: "0 h", count: 1 })).toBe(
    "0.2 mg/kg iv infusion over 30 min, once",
  );
  expect(genes({ CYP2B6: "*6/*6", CYP2D6: "PM" })).toBe("CYP2B6 *6/*6, CYP2D6 PM");
  expect(assumption({ "from day 11": "hour 312" })).toBe("from day 11: hour 312");
});
