import type { Accuracy } from "../../api/types";
import { percent } from "../../ui/format";
import { Table } from "../../ui/Table";

type Row = Accuracy["figures"][number];

/** What the names of `clearway qualify` mean, told apart by what was fitted. */
const NAMES: Record<string, string> = {
  headline: "Headline: arms that nothing was fitted to",
  "no-effect arms": "Arms without an effect (observed 0.8–1.25), not fitted",
  "fitted arms": "Fitted arms: they describe, they do not test",
  "peer arms: ours": "Arms that PK-Sim has predicted too: Clearway",
  "peer arms: theirs": "the same arms: PK-Sim",
};

/** The figures of `clearway qualify`: those of arms that nothing was fitted to first. */
export function FiguresTable({ figures }: { figures: Row[] }) {
  return (
    <section className="card" aria-labelledby="figures-title">
      <h2 id="figures-title">Headline</h2>
      <p className="say">
        GMFE is the geometric mean of how many times a prediction is off; bias is the mean of predicted/observed. An arm is <em>fitted</em>{" "}
        if any arm of its publication was used to choose a value of its compounds. The headline leaves these out. All arms of one study,
        pair and route share one vote.
      </p>
      <Table
        name="Figures of accuracy"
        rows={figures}
        keyOf={(row) => row.name}
        columns={[
          {
            head: "Arms",
            cell: (row) => <span className={row === figures[0] ? "strong" : undefined}>{NAMES[row.name] ?? row.name}</span>,
            className: "wide",
          },
          { head: "n", number: true, cell: (row) => row.n },
          { head: "GMFE", number: true, cell: (row) => row.gmfe.toFixed(2) },
          { head: "Bias", number: true, cell: (row) => row.bias.toFixed(2) },
          { head: "≤ 1.25-fold", number: true, cell: (row) => percent(row.within_125) },
          { head: "≤ 1.5-fold", number: true, cell: (row) => percent(row.within_15) },
          { head: "≤ 2-fold", number: true, cell: (row) => percent(row.within_2) },
          { head: "in Guest limits", number: true, cell: (row) => percent(row.guest) },
          { head: "Wrong direction", number: true, cell: (row) => row.sign_errors },
        ]}
      />
    </section>
  );
}
