import type { Answer, RatioRow } from "../../../api/types";
import { left, LogAxis, logScale, LogStrip } from "../../../ui/LogStrip";
import { Ratio } from "../../../ui/Ratio";
import { ratioText } from "../../../ui/format";
import { Basis, labelOf } from "./evidence";

/** AUC ratios with their 90 % intervals on one log axis, and what studies saw. `plain` leaves the key to the one above. */
export function Forest({ answer, name, plain }: { answer: Answer; name: string; plain?: boolean }) {
  const seen = (row: RatioRow) => answer.studies.filter((arm) => arm.compound === row.compound && arm.quantity === "auc");
  const scale = logScale([
    ...answer.ratios.flatMap((row) => [row.auc, row.low, row.high]),
    ...answer.studies.filter((arm) => arm.quantity === "auc").map((arm) => arm.observed),
  ]);
  const anySeen = answer.ratios.some((row) => seen(row).length > 0);
  return (
    <figure className="forest" aria-label={name}>
      <div className="strips">
        {answer.ratios.map((row) => {
          const half = Boolean(answer.rows.find(({ name: own }) => own === row.compound)?.part_of);
          return (
            <div key={row.compound} className={half ? "strip-row half" : "strip-row"}>
              <span className="strip-name">{labelOf(answer, row.compound)}</span>
              <LogStrip scale={scale}>
                {row.low !== null && row.high !== null && (
                  <i className="whisker" style={{ left: left(scale.at(row.low)), width: left(scale.at(row.high) - scale.at(row.low)) }} />
                )}
                {row.auc !== null && <i className="dot" style={{ left: left(scale.at(row.auc)) }} />}
                {seen(row).map((arm, i) => (
                  <i key={i} className="seen" style={{ left: left(scale.at(arm.observed)) }} />
                ))}
              </LogStrip>
              <span className="strip-number">
                <Basis answer={answer} compound={row.compound} what="AUC ratio">
                  <Ratio value={row.auc} low={row.low} high={row.high} />
                </Basis>
                {seen(row).length > 0 && <small className="soft">observed {observedText(seen(row).map((arm) => arm.observed))}</small>}
              </span>
            </div>
          );
        })}
        <div className="strip-row">
          <span />
          <LogAxis scale={scale} label="AUC ratio, with against without" />
          <span />
        </div>
      </div>
      {!plain && (
        <ul className="key">
          <li>
            <i className="k-dot" />
            predicted, with its 90 % interval (uncertain values and scatter of studies, not the spread between people)
          </li>
          {anySeen && (
            <li>
              <i className="k-seen" />
              observed in a study
            </li>
          )}
          <li>
            <i className="k-same" />
            0.8–1.25: no change
          </li>
        </ul>
      )}
    </figure>
  );
}

/** `0.43, 0.48`, or the range of many. */
function observedText(values: number[]): string {
  if (values.length <= 3) return values.map(ratioText).join(", ");
  return `${ratioText(Math.min(...values))}–${ratioText(Math.max(...values))} (${values.length} studies)`;
}
