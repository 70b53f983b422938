import type { Answer } from "../../../api/types";
import { BasisTable } from "../../../ui/BasisTable";
import { EvidenceBar } from "../../../ui/EvidenceBar";
import { percent } from "../../../ui/format";

/** On what the answer rests. */
export function EvidenceCard({ answer }: { answer: Answer }) {
  const { rests_on, total, rows } = answer.evidence;
  return (
    <section className="card" aria-labelledby="evidence-title">
      <h2 id="evidence-title">On what evidence</h2>
      <p className="say">
        The answer rests on the {rests_on.total} values below (constants at the enzymes that matter, clearances, binding);{" "}
        {percent(rests_on.assumed_share)} of them are assumed. The case holds {total} values in all.
      </p>
      <EvidenceBar counts={rests_on.values} />
      <details className="more">
        <summary>All {rows.length} values</summary>
        <BasisTable name="Values the answer rests on" rows={rows} />
      </details>
    </section>
  );
}
