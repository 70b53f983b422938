/** The log–log frame of the scatter: places, ticks, envelopes as paths. */
import type { Point } from "./arms";

export type Frame = { size: number; left: number; bottom: number; top: number; right: number; low: number; high: number };

const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** A square frame of `size` px around all points, the same whatever is filtered. */
export function frameOf(all: Point[], size: number): Frame {
  const values = all.flatMap((point) => [point.observed, point.predicted]);
  return { size, left: 46, bottom: 44, top: 8, right: 10, low: Math.min(0.1, ...values) / 1.3, high: Math.max(10, ...values) * 1.3 };
}

export const inner = (frame: Frame) => ({ width: frame.size - frame.left - frame.right, height: frame.size - frame.top - frame.bottom });

const share = (frame: Frame, value: number) => Math.log(value / frame.low) / Math.log(frame.high / frame.low);
export const xOf = (frame: Frame, value: number): number => frame.left + share(frame, value) * inner(frame).width;
export const yOf = (frame: Frame, value: number): number => frame.size - frame.bottom - share(frame, value) * inner(frame).height;

export function ticks(frame: Frame): number[] {
  const all = TICKS.filter((tick) => tick >= frame.low && tick <= frame.high);
  return frame.size < 460 ? all.filter((tick) => /^(0\.0*)?10*$/.test(String(tick))) : all; // decades only where it is narrow
}

/** The band in which a prediction is at most `limit(observed)` times off: its area, and its two edges. */
export function band(frame: Frame, limit: (observed: number) => number): { area: string; edges: string } {
  const steps = Array.from({ length: 161 }, (_, i) => frame.low * (frame.high / frame.low) ** (i / 160));
  const edge = (way: 1 | -1) => steps.map((o) => `${xOf(frame, o).toFixed(1)},${yOf(frame, o * limit(o) ** way).toFixed(1)}`);
  const [upper, lower] = [edge(1), edge(-1)];
  return { area: `M${[...upper, ...lower.toReversed()].join("L")}Z`, edges: `M${upper.join("L")}M${lower.join("L")}` };
}
