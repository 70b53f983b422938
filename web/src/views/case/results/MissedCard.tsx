import type { Answer, MissedRow } from "../../../api/types";
import { useDrugs } from "../../../state/start";
import { Ratio } from "../../../ui/Ratio";
import { Table } from "../../../ui/Table";
import { dayTime, sig } from "../../../ui/format";
import { Basis } from "./evidence";

type Line = { key: string; drug: string; at: string; change: MissedRow["changes"][number] };

/** What one missed dose of each drug does to the lowest concentrations. */
export function MissedCard({ rows, answer }: { rows: MissedRow[]; answer: Answer }) {
  const drugs = useDrugs();
  const lines = rows.flatMap((row) =>
    row.changes.map((change, i): Line => ({
      key: `${row.drug}-${change.compound}`,
      drug: i ? "" : (drugs.get(row.drug)?.label ?? row.label),
      at: i ? "" : dayTime(row.at_h),
      change,
    })),
  );
  return (
    <section className="card" aria-labelledby="missed-title">
      <h2 id="missed-title">If a dose is missed</h2>
      <p className="say">
        The last dose of each repeated drug is left out, all else as planned. Lowest concentration until the next dose would come; other
        drugs are listed where they move.
      </p>
      <Table
        name="If a dose is missed"
        rows={lines}
        keyOf={(line) => line.key}
        columns={[
          { head: "Missed", cell: (line) => <b>{line.drug}</b> },
          { head: "At", cell: (line) => <span className="nowrap">{line.at}</span> },
          { head: "Lowest of", cell: ({ change }) => change.label },
          { head: "Planned, ng/mL", number: true, cell: ({ change }) => sig(change.planned) },
          { head: "Missed, ng/mL", number: true, cell: ({ change }) => sig(change.missed) },
          {
            head: "Change",
            number: true,
            cell: ({ change }) => (
              <Basis answer={answer} compound={change.compound} what={`${change.label}, dose missed`}>
                <Ratio value={change.ratio} />
              </Basis>
            ),
          },
          {
            head: "Thresholds",
            cell: ({ change }) =>
              change.thresholds.map((one) => (
                <div key={one.kind} className={one.missed_met ? "" : "bad"}>
                  {one.kind} {sig(one.threshold)}: {one.missed_met ? "still met" : one.planned_met ? "no longer met" : "not met either way"}
                </div>
              )),
          },
        ]}
      />
    </section>
  );
}
