import type { Answer } from "../../../api/types";

/** What the change may mean for the person, with the studies that anchor it, and its limits. */
export function FlagsCard({ answer }: { answer: Answer }) {
  if (!answer.flags.length) return null;
  return (
    <section className="card" aria-labelledby="flags-title">
      <h2 id="flags-title">Clinical flag</h2>
      {answer.flags.map((flag) => (
        <div key={flag.headline} className="flag">
          <p className="strong">{flag.headline}</p>
          <p>{flag.because}</p>
          <ul>
            {flag.anchors.map((anchor) => (
              <li key={anchor.study}>
                {anchor.study}: {anchor.change}; <b>{anchor.outcome}</b> <span className="soft small">({anchor.source})</span>
              </li>
            ))}
          </ul>
          {flag.limits.length > 0 && (
            <ul className="soft small">
              {flag.limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          )}
          {flag.no_dose_rule && (
            <p className="rule">
              <b>Not a dose rule.</b> {flag.no_dose_rule.replace(/^Not a dose rule\.\s*/i, "")}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}
