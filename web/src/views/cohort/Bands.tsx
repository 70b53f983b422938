import { useMemo } from "react";
import { Curves, type Band, type Curve } from "../../ui/Curves";
import { dayTime, sig } from "../../ui/format";
import type { BandRow } from "./groups";

/** One compound: medians and bands of both arms; the last `hours`, or all. */
export function Bands({
  compound,
  control,
  test,
  log,
  hours,
}: {
  compound: string;
  control: BandRow | null;
  test: BandRow | null;
  log: boolean;
  hours: number | null;
}) {
  const both = control !== null && test !== null;
  const arms = useMemo(
    () => [
      ...(control
        ? [{ row: control, name: both ? "without" : "", color: both ? "--control" : "--test", dash: both ? [7, 4] : undefined }]
        : []),
      ...(test ? [{ row: test, name: both ? "with" : "", color: "--test", dash: undefined }] : []),
    ],
    [control, test, both],
  );
  const curves = useMemo<Curve[]>(
    () => arms.map(({ row, name, color, dash }) => ({ label: `${name} median`.trim(), values: row.p50, color, dash })),
    [arms],
  );
  const bands = useMemo<Band[]>(
    () =>
      arms.flatMap(({ row, name, color }) => [
        { label: `${name} 5–95 %`.trim(), low: row.p5, high: row.p95, color, alpha: 0.13 },
        { label: `${name} 25–75 %`.trim(), low: row.p25, high: row.p75, color, alpha: 0.3 },
      ]),
    [arms],
  );
  const times = (test ?? control)?.times ?? [];
  const end = times.at(-1) ?? 0;
  return (
    <div>
      <h3>{compound}</h3>
      <Curves
        name={`${compound}, plasma concentration in the cohort`}
        times={times}
        curves={curves}
        bands={bands}
        log={log}
        unit="ng/mL"
        height={260}
        floor={0}
        range={hours === null ? null : [Math.max(times[0] ?? 0, end - hours), end]}
        format={(value) => sig(value, 3)}
        timeText={dayTime}
      />
    </div>
  );
}
