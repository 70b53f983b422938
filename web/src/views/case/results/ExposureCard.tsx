import type { Answer, Exposure } from "../../../api/types";
import { Ratio } from "../../../ui/Ratio";
import { Table, type Column } from "../../../ui/Table";
import { sig } from "../../../ui/format";
import { Basis } from "./evidence";

type Line = { name: string; label: string; half: boolean; route: string; window: string; control: Exposure | null; test: Exposure };

const HEADS = { auc: "AUC", cmax: "Cmax", cmin: "Cmin" };

/** Exposure of every compound in both arms. */
export function ExposureCard({ answer }: { answer: Answer }) {
  const lines = answer.rows.flatMap((row): Line[] => {
    const found = answer.exposure[row.name];
    return found ? [{ name: row.name, label: row.label, half: Boolean(row.part_of), ...found }] : [];
  });
  const unit = (key: "auc_unit" | "concentration_unit" | "time_unit") => lines[0]?.test[key] ?? "";
  const both = lines.some((line) => line.control);
  const pair = (head: string, pick: (exposure: Exposure) => number | null): Column<Line> => ({
    head,
    number: true,
    cell: (line) => (
      <Basis answer={answer} compound={line.name} what={head.split(",")[0]!}>
        {line.control ? (
          <>
            {sig(pick(line.control))} → {sig(pick(line.test))}
          </>
        ) : (
          sig(pick(line.test))
        )}
      </Basis>
    ),
  });
  const ratio = (name: string) => answer.ratios.find((row) => row.compound === name);
  return (
    <section className="card" aria-labelledby="exposure-title">
      <h2 id="exposure-title">Exposure</h2>
      <p className="say">{both ? "Without → with, in the same person." : "As taken."}</p>
      <Table
        name="Exposure"
        rows={lines}
        keyOf={(line) => line.name}
        columns={[
          { head: "Compound", cell: (line) => <span className={line.half ? "half-name" : "strong"}>{line.label}</span> },
          { head: "Measured", cell: (line) => <span className="soft nowrap">{[line.route, line.window].filter(Boolean).join(", ")}</span> },
          pair(`AUC, ${unit("auc_unit")}`, (e) => e.auc),
          pair(`Cmax, ${unit("concentration_unit")}`, (e) => e.cmax),
          pair(`Cmin, ${unit("concentration_unit")}`, (e) => e.cmin),
          pair(`Tmax, ${unit("time_unit")}`, (e) => e.tmax),
          pair(`Half-life, ${unit("time_unit")}`, (e) => e.half_life),
          ...(both
            ? (["auc", "cmax", "cmin"] as const).map((quantity): Column<Line> => {
                const head = `${HEADS[quantity]} ratio`;
                return {
                  head,
                  number: true,
                  cell: (line) => (
                    <Basis answer={answer} compound={line.name} what={head}>
                      <Ratio value={ratio(line.name)?.[quantity] ?? null} />
                    </Basis>
                  ),
                };
              })
            : []),
        ]}
      />
    </section>
  );
}
