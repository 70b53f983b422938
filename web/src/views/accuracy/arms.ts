/** Study arms as points: fold error, filters, figures of a selection. */
import type { StudyArm } from "../../api/types";

export type Point = StudyArm & { predicted: number };
export type Filters = { search: string; fitted: "" | "no" | "yes"; quantity: "" | StudyArm["quantity"]; outside: "" | "2" | "guest" };
export const NO_FILTERS: Filters = { search: "", fitted: "", quantity: "", outside: "" };
export const QUANTITY = { auc: "AUC", cmax: "Cmax", cmin: "Cmin" } as const;

/** Arms that have both an observed and a predicted ratio. */
export function points(arms: StudyArm[]): Point[] {
  return arms.filter((arm): arm is Point => arm.predicted !== null && arm.predicted > 0 && arm.observed > 0);
}

/** Predicted over observed or its inverse, at least 1. */
export function fold(point: Point): number {
  return Math.max(point.predicted / point.observed, point.observed / point.predicted);
}

/** Half-width of the limits of Guest 2011 (Drug Metab Dispos 39:170) at an observed ratio, with delta 1: the prediction may be this many times off. */
export function guest(observed: number): number {
  const r = Math.max(observed, 1 / observed);
  return (1 + 2 * (r - 1)) / r;
}

export function selected(all: Point[], filters: Filters): Point[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((point) => {
    const text = [point.id, point.title, point.compound, point.reference, ...point.perpetrators, ...point.victims].join(" ").toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!filters.fitted || (point.fitted === true) === (filters.fitted === "yes")) &&
      (!filters.quantity || point.quantity === filters.quantity) &&
      (!filters.outside || fold(point) > (filters.outside === "2" ? 2 : guest(point.observed)) + 1e-9)
    );
  });
}

export type Figures = { n: number; gmfe: number; bias: number; within: (limit: number) => number; inGuest: number };

/** Plain figures of a selection, every arm counting once. */
export function figuresOf(list: Point[]): Figures | null {
  const n = list.length;
  if (!n) return null;
  const logs = list.map((point) => Math.log(point.predicted / point.observed));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const share = (test: (point: Point) => boolean) => list.filter(test).length / n;
  return {
    n,
    gmfe: Math.exp(mean(logs.map(Math.abs))),
    bias: Math.exp(mean(logs)),
    within: (limit) => share((point) => fold(point) <= limit),
    inGuest: share((point) => fold(point) <= guest(point.observed)),
  };
}

/** The address of a study in the page. */
export const studyHash = (id: string): string => `#/accuracy/${encodeURIComponent(id)}`;
