import { useEffect, useState } from "react";
import { isAbort, post, problemsOf } from "../../api/client";
import type { Pair, Problem } from "../../api/types";
import { currentCase } from "../../state/case";
import { tidy } from "../../state/edits";
import { BasisTable } from "../../ui/BasisTable";
import { Factors } from "../../ui/Factors";
import { Loading, Problems } from "../../ui/Message";
import { Ratio } from "../../ui/Ratio";
import { StudiesTable } from "../../ui/StudiesTable";
import { Tag } from "../../ui/Tag";
import { percent, ratioText } from "../../ui/format";

/** Why one pair changes, how far at worst, and what is known of it. */
export function PairDrawer({ perpetrator, victim }: { perpetrator: string; victim: string }) {
  const [pair, setPair] = useState<Pair | null>(null);
  const [problems, setProblems] = useState<Problem[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    post<Pair>("/api/pair", { case: tidy(currentCase()), perpetrator, victim }, stop.signal).then(setPair, (error: unknown) => {
      if (!isAbort(error)) setProblems(problemsOf(error));
    });
    return () => stop.abort();
  }, [perpetrator, victim]);
  if (problems.length) return <Problems problems={problems} />;
  if (!pair) return <Loading>Reading…</Loading>;
  const { cell, basis, studies } = pair;
  return (
    <>
      <dl className="facts">
        <div>
          <dt>AUC ratio, {cell.route}</dt>
          <dd className="big">
            <Ratio value={cell.auc_ratio} />
          </dd>
        </div>
        <div>
          <dt>Worst case</dt>
          <dd>
            {ratioText(cell.worst_low)}–{ratioText(cell.worst_high)}
          </dd>
        </div>
        {cell.genotype_low !== null && (
          <div>
            <dt>Across genotypes</dt>
            <dd>
              {ratioText(cell.genotype_low)}–{ratioText(cell.genotype_high)}
            </dd>
          </div>
        )}
        <div>
          <dt>Weakest evidence</dt>
          <dd>{cell.mechanisms.length ? <Tag kind={cell.evidence} /> : "–"}</dd>
        </div>
        <div>
          <dt>Values assumed</dt>
          <dd>{cell.values ? `${cell.assumed} of ${cell.values} (${percent(cell.assumed / cell.values)})` : "–"}</dd>
        </div>
      </dl>
      <p className="say">
        A static screen: average concentrations at steady state, this pair alone. Simulate for the course in time with all drugs together.
      </p>
      <section>
        <h3>What causes it</h3>
        {cell.mechanisms.length ? (
          <Factors factors={cell.mechanisms} total={cell.auc_ratio} />
        ) : (
          <p className="soft">No mechanism in the library connects the two.</p>
        )}
      </section>
      <section>
        <h3>Clinical studies</h3>
        {studies.length ? (
          <StudiesTable name="Studies of the pair" arms={studies} />
        ) : (
          <p className="note">No study of this pair exists in the library. The ratio is a prediction from mechanisms alone.</p>
        )}
      </section>
      <section>
        <h3>Values it rests on</h3>
        <BasisTable name="Values the pair rests on" rows={basis} />
      </section>
    </>
  );
}
