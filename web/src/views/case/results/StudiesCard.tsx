import type { Answer } from "../../../api/types";
import { StudiesTable } from "../../../ui/StudiesTable";

/** What people saw: the studies of these pairs beside the prediction, and the pairs that nobody studied. */
export function StudiesCard({ answer }: { answer: Answer }) {
  return (
    <section className="card" aria-labelledby="studies-title">
      <h2 id="studies-title">Clinical studies of the pair</h2>
      <p className="say">Predicted in the study’s own design. “Fitted to it” marks a study that a value of the library was fitted to: it proves nothing about the prediction.</p>
      {answer.studies.length > 0 && <StudiesTable name="Clinical studies" arms={answer.studies} />}
      {answer.no_study.length > 0 && (
        <p className="note">No study exists in the library of {answer.no_study.map(({ perpetrator, victim }) => `${perpetrator} on ${victim}`).join(", ")}.</p>
      )}
    </section>
  );
}
