import type { Answer } from "../../../api/types";
import { Forest } from "./Forest";

/** What happens, in sentences, and how sure: the first thing to be read. */
export function AnswerCard({ answer, reverse }: { answer: Answer; reverse: Answer | null }) {
  const [first, ...more] = answer.answer;
  return (
    <section className="card answer" role="region" aria-labelledby="answer-title">
      <h2 id="answer-title" className="kicker">Answer</h2>
      <div aria-live="polite">
        <p className="headline">{first}</p>
        {more.map((sentence) => <p key={sentence} className="headline more">{sentence}</p>)}
      </div>
      {answer.warnings.map((warning) => <p key={warning} className="note">{warning}</p>)}
      {answer.ratios.length > 0 && <Forest answer={answer} name="Exposure with against without" />}
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
