import type { Answer } from "../../../api/types";
import { sig } from "../../../ui/format";
import { Forest } from "./Forest";

const MANY = 3;

/** What happens, in sentences, and how sure: the first thing to be read. What changes comes before what does not. */
export function AnswerCard({ answer, reverse }: { answer: Answer; reverse: Answer | null }) {
  const told = answer.answer.length ? answer.answer : described(answer);
  const moving = told.filter((sentence) => !isSame(sentence));
  const same = told.filter(isSame);
  const [first, ...more] = moving.length ? moving : same;
  const rest = moving.length ? same : [];
  return (
    <section className="card answer" role="region" aria-labelledby="answer-title">
      <h2 id="answer-title" className="kicker">Answer</h2>
      <p className="headline">{first}</p>
      {answer.warnings.map((warning) => <p key={warning} className="note">{warning}</p>)}
      <div className={more.length >= MANY ? "answer-body many" : "answer-body"}>
        <div className="answer-more">
          {more.map((sentence) => <p key={sentence} className="headline more">{sentence}</p>)}
          {rest.map((sentence) => <p key={sentence} className="same">{sentence}</p>)}
        </div>
        {answer.ratios.length > 0 && <Forest answer={answer} name="Exposure with against without" />}
      </div>
      {reverse && (
        <div className="reverse">
          <h3>The other way round</h3>
          {reverse.answer.map((sentence) => <p key={sentence}>{sentence}</p>)}
          {reverse.ratios.length > 0 && <Forest answer={reverse} name="Exposure of what is added" plain />}
        </div>
      )}
    </section>
  );
}

function isSame(sentence: string): boolean {
  return sentence.includes("does not change");
}

/** Where nothing is added there is nothing to compare: what is reached. */
function described(answer: Answer): string[] {
  return answer.rows.filter((row) => row.main && !row.part_of && answer.exposure[row.name]).map((row) => {
    const { test, window } = answer.exposure[row.name]!;
    const trough = test.cmin === null ? "" : `, lowest ${sig(test.cmin)}`;
    return `${row.label} reaches ${sig(test.cmax)} ${test.concentration_unit}${trough}; AUC ${sig(test.auc)} ${test.auc_unit} (${window.replace(/^AUC /, "")}).`;
  });
}
