import type { Percentile } from "../../api/types";
import { ratioText, sig } from "../../ui/format";
import { Table } from "../../ui/Table";
import { ARMS, compared, QUANTITIES, type Endpoint } from "./groups";
import { Spread } from "./Spread";

const COLUMNS: [Percentile, string][] = [
  ["p5", "5 %"],
  ["p25", "25 %"],
  ["p50", "median"],
  ["p75", "75 %"],
  ["p95", "95 %"],
];

/** One compound: each endpoint in each arm, and person by person the ratio of the two. */
export function Percentiles({ label, rows }: { label: string; rows: Endpoint[] }) {
  const two = compared(rows);
  const value = (row: Endpoint, p: Percentile) => (row.arm === "ratio" ? ratioText(row.percentiles[p]) : sig(row.percentiles[p]));
  return (
    <div>
      <h3>{label}</h3>
      <Table
        name={`Percentiles of ${label}`}
        rows={rows}
        keyOf={(row) => row.name}
        columns={[
          {
            head: "Endpoint",
            cell: (row) => (
              <span className={row.arm === "ratio" ? "strong" : undefined}>
                {QUANTITIES[row.quantity] ?? row.quantity} <span className="soft small">{row.unit === "1" ? "ratio" : row.unit}</span>
              </span>
            ),
          },
          ...(two ? [{ head: "Arm", cell: (row: Endpoint) => <span className="nowrap">{ARMS[row.arm] ?? row.arm}</span> }] : []),
          ...COLUMNS.map(([p, head]) => ({
            head,
            number: true,
            cell: (row: Endpoint) => <span className={p === "p50" ? "strong" : undefined}>{value(row, p)}</span>,
          })),
          {
            head: "Spread",
            cell: (row) => (
              <Spread
                row={row}
                among={rows.filter((other) => other.quantity === row.quantity && (other.arm === "ratio") === (row.arm === "ratio"))}
              />
            ),
          },
          { head: "People", number: true, cell: (row) => row.subjects.toLocaleString("en-GB") },
        ]}
      />
    </div>
  );
}
