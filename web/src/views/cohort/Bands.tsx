import { useMemo } from "react";
import { Curves, type Band, type Curve } from "../../ui/Curves";
import { dayTime, sig } from "../../ui/format";
import type { BandRow } from "./groups";

/** One compound: medians and bands of both arms. */
export function Bands({ compound, control, test, log }: { compound: string; control: BandRow | null; test: BandRow | null; log: boolean }) {
  const both = control !== null && test !== null;
  const arms = useMemo(() => [
    ...(control ? [{ row: control, name: both ? "without" : "", color: both ? "--control" : "--test", dash: both ? [7, 4] : undefined }] : []),
    ...(test ? [{ row: test, name: both ? "with" : "", color: "--test", dash: undefined }] : []),
  ], [control, test, both]);
  const curves = useMemo<Curve[]>(() => arms.map(({ row, name, color, dash }) => ({ label: `${name} median`.trim(), values: row.p50, color, dash })), [arms]);
  const bands = useMemo<Band[]>(() => arms.flatMap(({ row, name, color }) => [
    { label: `${name} 5–95 %`.trim(), low: row.p5, high: row.p95, color },
    { label: `${name} 25–75 %`.trim(), low: row.p25, high: row.p75, color },
  ]), [arms]);
  const times = (test ?? control)?.times ?? [];
  return (
    <div>
      <h3>{compound}</h3>
      <Curves name={`${compound}, plasma concentration in the cohort`} times={times} curves={curves} bands={bands} log={log} unit="ng/mL" height={260} floor={0}
        format={(value) => sig(value, 3)} timeText={dayTime} />
    </div>
  );
}
