import type { Compound } from "../../api/types";
import { sig } from "../../ui/format";
import { Table } from "../../ui/Table";

type Row = Compound["single"][number];
const NAMES: Record<string, string> = {
  auc: "AUC",
  cmax: "Cmax",
  cmin: "Cmin",
  tmax: "tmax",
  half_life: "half-life",
  clearance: "clearance",
};

/** The drug alone: what was observed and what the model says; a miss says why. */
export function Single({ rows }: { rows: Row[] }) {
  return (
    <section className="card">
      <h2>The drug alone</h2>
      {rows.length === 0 ? (
        <p className="say">No study of the drug alone is in the library.</p>
      ) : (
        <Table
          name="The drug alone, predicted against observed"
          rows={rows}
          keyOf={(_, i) => i}
          columns={[
            { head: "Study", cell: (row) => row.title, className: "wide" },
            {
              head: "Of",
              cell: (row) => (
                <span className="nowrap">
                  {NAMES[row.quantity] ?? row.quantity} <span className="soft">{row.unit}</span>
                </span>
              ),
            },
            { head: "Observed", number: true, cell: (row) => sig(row.observed) },
            { head: "Predicted", number: true, cell: (row) => sig(row.predicted) },
            {
              head: "Ratio",
              number: true,
              sort: (row) => row.predicted / row.observed,
              cell: (row) => (row.predicted / row.observed).toFixed(2),
            },
            {
              head: "Verdict",
              cell: (row) =>
                row.miss ? (
                  <>
                    <span className="bad strong">missed</span> <span className="soft">{row.miss}</span>
                  </>
                ) : (
                  "met"
                ),
              className: "verdict",
            },
            { head: "Independent", cell: (row) => (row.independent ? "yes" : <span className="soft">no, it set a value</span>) },
          ]}
        />
      )}
    </section>
  );
}
