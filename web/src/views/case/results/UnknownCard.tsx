import type { Answer } from "../../../api/types";
import { ratioText } from "../../../ui/format";
import { labelOf } from "./evidence";

/** What nobody knows, and which unknown would move the answer most. */
export function UnknownCard({ answer }: { answer: Answer }) {
  const sensitive = Object.entries(answer.most_sensitive_to).filter(([, inputs]) => inputs.length > 0);
  return (
    <section className="card" aria-labelledby="unknown-title">
      <h2 id="unknown-title">What is unknown</h2>
      <ul className="unknown">
        {answer.unknown.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {sensitive.length > 0 && (
        <>
          <h3>What the ratio depends on most</h3>
          <ul className="unknown">
            {sensitive.map(([compound, inputs]) => (
              <li key={compound}>
                <b>{labelOf(answer, compound)}</b>:{" "}
                {inputs.map((one) => `${one.input} (ratio × ${ratioText(one.factor_if_one_sd_higher)} if one SD higher)`).join("; ")}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
