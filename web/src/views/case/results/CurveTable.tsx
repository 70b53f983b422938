import { useState } from "react";
import type { Curve } from "../../../ui/Curves";
import { dayTime, sig } from "../../../ui/format";
import { Table } from "../../../ui/Table";

const ROWS = 12;

/** The curve as numbers over the measured window, for those who read rather than look. */
export function CurveTable({
  name,
  times,
  curves,
  start,
  end,
}: {
  name: string;
  times: number[];
  curves: Curve[];
  start: number;
  end: number;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details className="curve-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && (
        <Table
          name={`${name}, concentrations`}
          caption="Measured window"
          rows={picked(times, start, end)}
          keyOf={(i) => i}
          columns={[
            { head: "Time", cell: (i) => dayTime(times[i]!) },
            ...curves.map((curve) => ({ head: `${curve.label}, ng/mL`, number: true, cell: (i: number) => sig(curve.values[i] ?? null) })),
          ]}
        />
      )}
    </details>
  );
}

function picked(times: number[], start: number, end: number): number[] {
  const wanted = Array.from({ length: ROWS + 1 }, (_, i) => start + ((end - start) * i) / ROWS);
  const nearest = wanted.map((time) =>
    times.reduce((best, value, i) => (Math.abs(value - time) < Math.abs(times[best]! - time) ? i : best), 0),
  );
  return [...new Set(nearest)];
}
