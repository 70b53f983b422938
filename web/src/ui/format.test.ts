import { expect, it } from "vitest";
import { dayTime, listed, ratioText, sig, span, way } from "./format";
import { hoursOf, splitQuantity } from "../state/quantity";

it("ratios read as in the sentences of the answer", () =>
  expect([0.454, 1, 1.514, 14.23, 123.4, 1234, 0.0123].map(ratioText)).toEqual(["0.45", "1.00", "1.51", "14.2", "123", "1,234", "0.012"]));
it("numbers have three significant digits", () =>
  expect([8348.2, 0.05, 12345, 1.5e-5, null].map((x) => sig(x))).toEqual(["8348", "0.05", "12,345", "1.50e-5", "–"]));
it("no change lies within 0.8 and 1.25", () => expect([0.79, 0.81, 1.24, 1.26].map(way)).toEqual(["fall", "none", "none", "rise"]));
it("hours are days and times", () =>
  expect([dayTime(0), dayTime(488.5), span(0.5), span(504)]).toEqual(["day 1, 00:00", "day 21, 08:30", "30 min", "21 days"]));
it("times of the case file are read", () =>
  expect(["24 h", "2 days", "30 min", "1.5 d", "soon", undefined].map(hoursOf)).toEqual([24, 48, 0.5, 36, null, null]));
it("quantities are split", () => expect(splitQuantity("95 mL/min/1.73m²")).toEqual({ value: "95", unit: "mL/min/1.73m²" }));
it("lists read as sentences", () => expect(listed(["a", "b", "c"])).toBe("a, b and c"));
