import type { Endpoint } from "./groups";

const WIDTH = 140;

/** The percentiles as a strip on a logarithmic scale that the arms of one endpoint share; the numbers stand beside it. */
export function Spread({ row, among }: { row: Endpoint; among: Endpoint[] }) {
  const values = among.flatMap((one) => Object.values(one.percentiles)).filter((value) => value > 0);
  if (row.arm === "ratio") values.push(1); // no change stays in sight
  const [low, high] = [Math.min(...values) / 1.05, Math.max(...values) * 1.05];
  const { p5, p25, p50, p75, p95 } = row.percentiles;
  if (!(p5 > 0) || !(high > low)) return null;
  const x = (value: number) => (Math.log(value / low) / Math.log(high / low)) * WIDTH;
  return (
    <svg className={`spread ${row.arm}`} width={WIDTH} height="16" aria-hidden="true">
      {row.arm === "ratio" && <line className="one" x1={x(1)} x2={x(1)} y1="0" y2="16" />}
      <line x1={x(p5)} x2={x(p95)} y1="8" y2="8" />
      <rect x={x(p25)} width={Math.max(1, x(p75) - x(p25))} y="4" height="8" rx="1" />
      <line className="median" x1={x(p50)} x2={x(p50)} y1="2" y2="14" />
    </svg>
  );
}
