import { useMemo } from "react";
import type { Answer, AnswerRow } from "../../../api/types";
import { Curves, type Curve, type Line } from "../../../ui/Curves";
import { dayTime, sig } from "../../../ui/format";
import { CurveTable } from "./CurveTable";
import { partsOf } from "./evidence";

/** One compound: without in grey and dashed, with in blue; thresholds as labelled lines. */
export function CurvePanel({ answer, row, log, measured }: { answer: Answer; row: AnswerRow; log: boolean; measured: boolean }) {
  const { times } = answer.curves;
  const plasma = answer.curves.plasma[row.name];
  const curves = useMemo<Curve[]>(
    () => [
      ...(plasma?.control ? [{ label: "without", values: plasma.control, color: "--control", dash: [7, 4], width: 2 }] : []),
      ...(plasma?.test ? [{ label: plasma.control ? "with" : "as taken", values: plasma.test, color: "--test", width: 2 }] : []),
    ],
    [plasma],
  );
  const lines = useMemo<Line[]>(() => {
    const own = partsOf(answer, row.name);
    return answer.thresholds
      .filter((one) => own.has(one.compound) && one.unit === "ng/mL")
      .map((one) => ({ label: one.kind, value: one.threshold, color: "--inhibition" }));
  }, [answer, row.name]);
  const end = row.window.end ?? times.at(-1) ?? row.window.start + 24;
  return (
    <div className="panel">
      <h3>
        {row.label} <span className="soft">{row.route}</span>
      </h3>
      <Curves
        name={`${row.label}, plasma concentration`}
        times={times}
        curves={curves}
        lines={lines}
        log={log}
        unit="ng/mL"
        height={190}
        floor={0}
        window={{ start: row.window.start, end }}
        range={measured ? [row.window.start, end] : null}
        format={(value) => sig(value, 3)}
        timeText={dayTime}
      />
      <CurveTable name={row.label} times={times} curves={curves} start={row.window.start} end={end} />
    </div>
  );
}
