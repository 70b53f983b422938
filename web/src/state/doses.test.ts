import { describe, expect, it } from "vitest";
import type { CaseDoc, CheckedEntry } from "../api/types";
import { copyDose, marksOf, moveDose, shiftSeries, skipDose, type DoseMark } from "./doses";

const doc: CaseDoc = {
  format: "clearway.case/1",
  regimen: [
    { drug: "methadone", dose: "60 mg", route: "oral", every: "24 h", count: 3 },
    { drug: "alfentanil", dose: "4 mg", route: "oral", start: "48 h" },
  ],
};
const third: DoseMark = { arm: "regimen", index: 0, number: 3, at: 48, missed: false };

it("marks are numbered in time, skipped doses among them", () => {
  const entry: CheckedEntry = {
    arm: "regimen",
    index: 0,
    product: "methadone",
    label: "",
    compounds: [],
    route: "oral",
    times_h: [0, 48],
    missed_h: [24],
    interval_h: 24,
    text: "",
    steady: false,
  };
  expect(marksOf(entry).map(({ number, at, missed }) => [number, at, missed])).toEqual([
    [1, 0, false],
    [2, 24, true],
    [3, 48, false],
  ]);
});

describe("a dose of a series", () => {
  it("is skipped and taken again", () => {
    const skipped = skipDose(doc, third);
    expect(skipped.regimen?.[0]?.missed).toEqual([3]);
    expect(skipDose(skipped, third)).toEqual(doc);
  });
  it("moves alone as a skipped dose and one of its own", () => {
    const moved = moveDose(doc, third, 5);
    expect(moved.regimen?.[0]?.missed).toEqual([3]);
    expect(moved.regimen?.[2]).toEqual({ drug: "methadone", dose: "60 mg", route: "oral", start: "53 h" });
  });
  it("is copied", () => {
    expect(copyDose(doc, third, 12).regimen?.[2]?.start).toBe("60 h");
  });
});

describe("a series", () => {
  it("shifts as a whole, and not before time 0", () => {
    expect(shiftSeries(doc, "regimen", 0, 2).regimen?.[0]?.start).toBe("2 h");
    expect(shiftSeries(shiftSeries(doc, "regimen", 0, 2), "regimen", 0, -9).regimen?.[0]).not.toHaveProperty("start");
  });
  it("by the clock stays within the day", () => {
    const smoker: CaseDoc = {
      format: "clearway.case/1",
      regimen: [{ drug: "cigarette", dose: "1 cigarette", route: "inhaled", times: ["8 h", "20 h"], days: "1-21" }],
    };
    expect(shiftSeries(smoker, "regimen", 0, 6).regimen?.[0]?.times).toEqual(["2 h", "14 h"]);
  });
  it("that ends at a time keeps its length", () => {
    const until: CaseDoc = {
      format: "clearway.case/1",
      regimen: [{ drug: "x", dose: "1 mg", route: "oral", every: "12 h", until: "5 days" }],
    };
    expect(shiftSeries(until, "regimen", 0, 3).regimen?.[0]).toMatchObject({ start: "3 h", until: "123 h" });
  });
});

it("a single dose moves by its start, whatever the last check said", () => {
  expect(moveDose(doc, { arm: "regimen", index: 1, number: 1, at: 0, missed: false }, -6).regimen?.[1]?.start).toBe("42 h");
});
