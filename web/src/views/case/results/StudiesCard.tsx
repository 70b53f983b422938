import type { Answer } from "../../../api/types";
import { StudiesTable } from "../../../ui/StudiesTable";
import { listed } from "../../../ui/format";

/** What people saw: the studies of these pairs beside the prediction, and the pairs that nobody studied. */
export function StudiesCard({ answer }: { answer: Answer }) {
  if (!answer.studies.length && !answer.no_study.length) return null;
  return (
    <section className="card" aria-labelledby="studies-title">
      <h2 id="studies-title">Clinical studies of the pair</h2>
      <p className="say">
        Predicted in the study’s own design. “Fitted to it” marks a study that a value of the library was fitted to: it proves nothing about
        the prediction.
      </p>
      {answer.studies.length > 0 && <StudiesTable name="Clinical studies" arms={answer.studies} />}
      {answer.no_study.length > 0 && (
        <div className="note">
          <p>No study exists in the library of</p>
          <ul>
            {[...grouped(answer.no_study)].map(([perpetrator, victims]) => (
              <li key={perpetrator}>
                {perpetrator} on {listed(victims)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** The victims of each perpetrator. */
function grouped(pairs: Answer["no_study"]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { perpetrator, victim } of pairs) found.set(perpetrator, [...(found.get(perpetrator) ?? []), victim]);
  return found;
}
