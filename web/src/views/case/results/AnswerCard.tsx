import type { Answer } from "../../../api/types";
import { sig } from "../../../ui/format";
import { Forest } from "./Forest";

const MANY = 3;

/** What happens, in sentences, and how sure: the first thing to be read. What changes most comes first, what does not change last. */
export function AnswerCard({ answer, reverse }: { answer: Answer; reverse: Answer | null }) {
  const told = (answer.answer.length ? answer.answer : described(answer)).map(bound);
  const moving = told.filter((sentence) => !isSame(sentence)).sort((a, b) => sizeOf(answer, b) - sizeOf(answer, a));
  const same = told.filter(isSame);
  const [first, ...more] = moving.length ? moving : same;
  const rest = moving.length ? same : [];
  return (
    <section className="card answer" role="region" aria-labelledby="answer-title">
      <h2 id="answer-title" className="kicker">
        Answer
      </h2>
      <p className="headline">{first}</p>
      {answer.warnings.map((warning) => (
        <p key={warning} className="note">
          {warning}
        </p>
      ))}
      <div className={more.length + rest.length >= MANY ? "answer-body many" : "answer-body"}>
        <div className="answer-more">
          {more.map((sentence) => (
            <p key={sentence} className="headline more">
              {sentence}
            </p>
          ))}
          {rest.map((sentence) => (
            <p key={sentence} className="same">
              {sentence}
            </p>
          ))}
        </div>
        {answer.ratios.length > 0 && <Forest answer={answer} name="Exposure with against without" />}
      </div>
      {reverse && (
        <div className="reverse">
          <h3>The other way round</h3>
          {reverse.answer.map(bound).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {reverse.ratios.length > 0 && <Forest answer={reverse} name="Exposure of what is added" plain />}
        </div>
      )}
    </section>
  );
}

/** How far the compound that a sentence tells of changes, in ln. */
function sizeOf(answer: Answer, sentence: string): number {
  const row = answer.rows.find(({ label, part_of }) => !part_of && sentence.toLowerCase().includes(`${label.toLowerCase()} exposure`));
  const auc = answer.ratios.find(({ compound }) => compound === row?.name)?.auc;
  return auc ? Math.abs(Math.log(auc)) : 0;
}

/** A factor stays on the line of its sign. */
function bound(sentence: string): string {
  return sentence.replaceAll(" × ", "\u00a0×\u00a0");
}

function isSame(sentence: string): boolean {
  return sentence.includes("does not change");
}

/** Where nothing is added there is nothing to compare: what is reached. */
function described(answer: Answer): string[] {
  return answer.rows
    .filter((row) => row.main && !row.part_of && answer.exposure[row.name])
    .map((row) => {
      const { test, window } = answer.exposure[row.name]!;
      const trough = test.cmin === null ? "" : `, lowest ${sig(test.cmin)}`;
      return `${row.label} reaches ${sig(test.cmax)} ${test.concentration_unit}${trough}; AUC ${sig(test.auc)} ${test.auc_unit} (${window.replace(/^AUC /, "")}).`;
    });
}
