import { useEffect, useState } from "react";
import { isAbort, post, problemsOf } from "../../api/client";
import type { Pair, Problem, Screen } from "../../api/types";
import { useDrugs } from "../../state/start";
import { BasisTable } from "../../ui/BasisTable";
import { Factors } from "../../ui/Factors";
import { Facts } from "../../ui/Facts";
import { plural, ratioText } from "../../ui/format";
import { Loading, Problems } from "../../ui/Message";
import { Ratio } from "../../ui/Ratio";
import { StudiesTable } from "../../ui/StudiesTable";
import { Tag } from "../../ui/Tag";
import { DrugLink } from "./DrugLink";
import { EVIDENCE, MECHANISM, P, RATIO, ROUTE, ROUTES, STUDIES, V, type Row } from "./grid";
import { pairCase } from "./pairCase";
import { inWords } from "./scale";

/** One pair in full: the ratio by each route, why, how sure, on which studies. */
export function PairPanel({ screen, rows }: { screen: Screen; rows: Row[] }) {
  const first = rows[0];
  const [pair, problems] = usePair(screen, first);
  if (!first) return null;
  const [perpetrator, target] = [screen.drugs[first[P]], screen.victims[first[V]]];
  const victim = target && screen.drugs[target.drug];
  if (!perpetrator || !target || !victim) return null;
  const cell = pair?.cell;
  return (
    <div className="matrix stack">
      {rows.map((row) => (
        <p key={row[ROUTE]} className="pair-ratio">
          <span className="soft">
            AUC of {target.label}, {ROUTES[row[ROUTE]]}
          </span>
          <strong>
            <Ratio value={row[RATIO]} />
          </strong>
          <span>{inWords(row[RATIO])}</span>
        </p>
      ))}
      <Facts
        of={[
          [
            "Perpetrator",
            <>
              <DrugLink drug={perpetrator} /> at {perpetrator.dose} <span className="soft">({perpetrator.basis})</span>
            </>,
          ],
          [
            "Victim",
            <>
              <DrugLink drug={victim} />
              {target.id !== victim.id && <>, as {target.label}</>}
            </>,
          ],
          ["Above all by", screen.mechanisms[first[MECHANISM]] ?? "no single mechanism"],
          [
            "Weakest value",
            <>
              <Tag kind={screen.evidence[first[EVIDENCE]] ?? "–"} />
              {cell && (
                <span className="soft">
                  {" "}
                  {cell.assumed} of {cell.values} values are assumed
                </span>
              )}
            </>,
          ],
          [
            "Over genotypes",
            cell &&
              cell.genotype_low !== null &&
              ratioText(cell.genotype_low) !== ratioText(cell.genotype_high) &&
              `× ${ratioText(cell.genotype_low)} to × ${ratioText(cell.genotype_high)}`,
          ],
          [
            "At its peaks",
            cell && (
              <>
                × {ratioText(cell.worst_high)} by inhibition and inactivation alone, × {ratioText(cell.worst_low)} by induction alone{" "}
                <span className="soft">(the perpetrator's highest instead of average concentrations)</span>
              </>
            ),
          ],
          ["Clinical studies", first[STUDIES] ? plural(first[STUDIES], "arm") : "no study of this pair exists in the library"],
        ]}
      />
      {cell && apart(cell.auc_ratio, first[RATIO]) && (
        <p className="note">
          Worked out again for this pair alone it comes out at × {ratioText(cell.auc_ratio)}; what follows belongs to that number.
        </p>
      )}
      <p className="say">
        A static prediction at the perpetrator's steady state in the reference adult. Simulate the pair in <a href="#/case">Case</a> for
        doses, times and one person.
      </p>
      {cell && cell.mechanisms.length > 0 && (
        <section className="stack">
          <h3>What causes it</h3>
          <Factors factors={cell.mechanisms} total={cell.auc_ratio} />
        </section>
      )}
      {pair && pair.studies.length > 0 && (
        <section className="stack">
          <h3>Studies of this pair</h3>
          <StudiesTable name="Studies of this pair" arms={pair.studies} />
        </section>
      )}
      {pair && (
        <section className="stack">
          <h3>Values it rests on</h3>
          <BasisTable name="Values it rests on" rows={pair.basis} />
        </section>
      )}
      {!pair && !problems.length && <Loading>Reading mechanisms, values and studies…</Loading>}
      {problems.length > 0 && (
        <>
          <p className="say">The values behind it could not be read:</p>
          <Problems problems={problems} />
        </>
      )}
    </div>
  );
}

/** More than rounding apart. */
const apart = (a: number, b: number) => Math.abs(Math.log(a / b)) > 0.02;

/** What the server says of the pair when both are taken as in the screen. */
function usePair(screen: Screen, row: Row | undefined): [Pair | null, Problem[]] {
  const drugs = useDrugs();
  const [found, set] = useState<[Pair | null, Problem[]]>([null, []]);
  useEffect(() => {
    const body = row && pairCase(screen, row, drugs);
    if (!body) return;
    const stop = new AbortController();
    set([null, []]);
    post<Pair>("/api/pair", body, stop.signal).then(
      (pair) => set([pair, []]),
      (error: unknown) => {
        if (!isAbort(error)) set([null, problemsOf(error)]);
      },
    );
    return () => stop.abort();
  }, [screen, row, drugs]);
  return found;
}
