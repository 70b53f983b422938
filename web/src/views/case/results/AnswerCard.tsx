import type { Answer } from "../../../api/types";
import { Forest } from "./Forest";

const MANY = 3;

/** What happens, in sentences, and how sure: the first thing to be read. What changes comes before what does not. */
export function AnswerCard({ answer, reverse }: { answer: Answer; reverse: Answer | null }) {
  const moving = answer.answer.filter((sentence) => !isSame(sentence));
  const same = answer.answer.filter(isSame);
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
          {reverse.ratios.length > 0 && <Forest answer={reverse} name="Exposure of what is added" />}
        </div>
      )}
    </section>
  );
}

function isSame(sentence: string): boolean {
  return sentence.includes("does not change");
}
