import type { Answer, AnswerRow } from "../../../api/types";
import { Factors } from "../../../ui/Factors";
import { Basis, labelOf } from "./evidence";

/** A change smaller than this (in ln) needs no explanation. */
const STILL = 0.05;

const KINDS = ["induction", "inhibition", "inactivation", "rest"];

/** The compounds whose change has causes to show. */
export function explained(answer: Answer): AnswerRow[] {
  return answer.rows.filter(
    (row) => !row.part_of && (answer.attribution[row.name] ?? []).some(({ factor }) => Math.abs(Math.log(factor)) > STILL),
  );
}

/** Which mechanism caused how much of the change. */
export function WhyCard({ answer }: { answer: Answer }) {
  const shown = explained(answer);
  const total = (name: string) => answer.ratios.find((row) => row.compound === name)?.auc ?? null;
  return (
    <section className="card" aria-labelledby="why-title">
      <h2 id="why-title">What caused it</h2>
      <p className="say">
        Each factor is a mechanism’s share of the change, over all orders in which they could act; together they multiply to the ratio.
      </p>
      {!shown.length && <p className="soft">Nothing changes that had to be explained.</p>}
      <div className="panels">
        {shown.map((row) => (
          <div key={row.name} className="panel">
            <h3>{labelOf(answer, row.name)}</h3>
            <Factors
              factors={answer.attribution[row.name]!}
              total={total(row.name) ?? 1}
              wrap={(number, factor) => (
                <Basis answer={answer} compound={row.name} mechanism={factor?.mechanism} what={factor?.mechanism ?? "AUC ratio"}>
                  {number}
                </Basis>
              )}
            />
          </div>
        ))}
      </div>
      {shown.length > 0 && (
        <ul className="key">
          {KINDS.map((kind) => (
            <li key={kind}>
              <i className={`swatch ${kind}`} />
              {kind === "rest" ? "other" : kind}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
