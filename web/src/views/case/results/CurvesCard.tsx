import { useMemo, useState } from "react";
import type { Answer, AnswerRow } from "../../../api/types";
import { AXES, Segmented, type Axis } from "../../../ui/Segmented";
import { CurvePanel } from "./CurvePanel";

/** Each compound with and without the others. */
export function CurvesCard({ answer }: { answer: Answer }) {
  const [log, setLog] = useState<Axis>("linear");
  const [range, setRange] = useState<"whole" | "window">("whole");
  const [halves, setHalves] = useState(false);
  const rows = useMemo(() => drawn(answer, halves), [answer, halves]);
  const hasHalves = answer.rows.some((row) => row.part_of && answer.curves.plasma[row.name]);
  return (
    <section className="card" aria-labelledby="curves-title">
      <div className="row between">
        <h2 id="curves-title">Concentration{answer.ratios.length > 0 && " with and without"}</h2>
        <div className="row no-print">
          {hasHalves && (
            <label className="check small">
              <input type="checkbox" checked={halves} onChange={(event) => setHalves(event.target.checked)} />
              enantiomers
            </label>
          )}
          <Segmented
            name="Time shown"
            value={range}
            onChange={setRange}
            options={[
              ["whole", "whole course"],
              ["window", "as measured"],
            ]}
          />
          <Segmented name="Axis" value={log} onChange={setLog} options={AXES} />
        </div>
      </div>
      <p className="say">Plasma, ng/mL, the typical person. Shaded: where exposure is measured.</p>
      <div className="panels">
        {rows.map((row) => (
          <CurvePanel key={row.name} answer={answer} row={row} log={log === "log"} measured={range === "window"} />
        ))}
      </div>
    </section>
  );
}

/** Main rows with a curve; the halves of racemates only when asked for. */
function drawn(answer: Answer, halves: boolean): AnswerRow[] {
  return answer.rows.filter((row) => answer.curves.plasma[row.name] && (halves || !row.part_of || !answer.curves.plasma[row.part_of]));
}
