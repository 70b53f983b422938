import type { ReactNode } from "react";

/** A logarithmic axis for ratios, as shares of the width. It always holds 1 and the ends of what is shown. */
export type LogScale = { low: number; high: number; at: (ratio: number) => number; ticks: number[] };

const NICE = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export function logScale(values: readonly (number | null | undefined)[]): LogScale {
  const known = values.filter((value): value is number => value != null && value > 0 && Number.isFinite(value));
  const low = NICE.findLast((nice) => nice <= Math.min(0.5, ...known)) ?? 0.001;
  const high = NICE.find((nice) => nice >= Math.max(2, ...known)) ?? 2000;
  const at = (ratio: number) => Math.max(0, Math.min(1, Math.log(ratio / low) / Math.log(high / low)));
  const all = NICE.filter((nice) => nice >= low && nice <= high);
  return {
    low,
    high,
    at,
    ticks: all.length > 7 ? all.filter((nice) => Number.isInteger(Math.log10(nice)) || nice === low || nice === high) : all,
  };
}

/** One row of such a chart: the line of no change, the range 0.8–1.25 that counts as none, and what stands on it. */
export function LogStrip({ scale, children }: { scale: LogScale; children?: ReactNode }) {
  return (
    <div className="strip" aria-hidden="true">
      <i className="same" style={{ left: left(scale.at(0.8)), right: left(1 - scale.at(1.25)) }} />
      <i className="one" style={{ left: left(scale.at(1)) }} />
      {children}
    </div>
  );
}

export function LogAxis({ scale, label }: { scale: LogScale; label: string }) {
  return (
    <div className="strip axis" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <span key={tick} style={{ left: left(scale.at(tick)) }}>
          {tick}
        </span>
      ))}
      <em>{label}</em>
    </div>
  );
}

export function left(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
