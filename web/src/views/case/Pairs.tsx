import { useRef, useState, type KeyboardEvent } from "react";
import type { Cell, Matrix } from "../../api/types";
import { usePairs } from "../../state/check";
import { openDrawer } from "../../state/drawer";
import { evidenceClass, EvidenceMark } from "../../ui/Tag";
import { ARROW, ratioText, way, WAY_WORD } from "../../ui/format";
import { PairDrawer } from "./PairDrawer";
import { PairsKey } from "./PairsKey";
import { ArmMark } from "./Regimen";

/** The static screen of every pair: who changes whom, how far, on what evidence. */
export function Pairs() {
  const { matrix, problem } = usePairs();
  return (
    <section className="card pairs" aria-label="Pairs of drugs">
      <h2>Pairs</h2>
      <p className="say">
        AUC of the drug above, changed by the drug at the left: the static prediction in the reference adult, at steady state, one pair at a
        time. Simulate takes the person, the hours and all drugs together. Choose a pair to see why.
      </p>
      {problem && matrix && <p className="small soft">{problem}</p>}
      {matrix && matrix.drugs.length > 1 && <Grid matrix={matrix} />}
      {matrix && matrix.drugs.length < 2 && <p className="soft">Add a second drug to see what the two do to each other.</p>}
      {matrix && matrix.left_out.length > 0 && (
        <p className="small soft">Not in the screen: {matrix.left_out.map(({ drug, why }) => `${drug} (${why})`).join("; ")}.</p>
      )}
    </section>
  );
}

function Grid({ matrix }: { matrix: Matrix }) {
  const { drugs } = matrix;
  const cells = new Map(matrix.cells.map((cell) => [`${cell.perpetrator}|${cell.victim}`, cell]));
  const [at, setAt] = useState<[number, number]>([0, 1]);
  const table = useRef<HTMLTableElement>(null);
  const [row, column] = [Math.min(at[0], drugs.length - 1), Math.min(at[1], drugs.length - 1)];
  const onKey = (event: KeyboardEvent) => {
    const step = ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] } as Record<string, [number, number]>)[
      event.key
    ];
    if (!step) return;
    event.preventDefault();
    const next: [number, number] = [
      Math.max(0, Math.min(drugs.length - 1, row + step[0])),
      Math.max(0, Math.min(drugs.length - 1, column + step[1])),
    ];
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.join("-")}"]`)?.focus();
  };
  return (
    <>
      <div className="scroll-x">
        <table ref={table} className={drugs.length > 6 ? "pairs-grid many" : "pairs-grid"} role="grid" aria-label="Pairs" onKeyDown={onKey}>
          <thead>
            <tr>
              <th scope="col" className="corner">
                <span>changes →</span>
              </th>
              {drugs.map((drug) => (
                <th key={drug.id} scope="col" title={drug.dose}>
                  <span>
                    <ArmMark arm={drug.arm} />
                    {drug.label}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {drugs.map((perpetrator, r) => (
              <tr key={perpetrator.id}>
                <th scope="row" title={perpetrator.dose}>
                  <ArmMark arm={perpetrator.arm} />
                  {perpetrator.label}
                </th>
                {drugs.map((victim, c) => (
                  <PairCell
                    key={victim.id}
                    cell={cells.get(`${perpetrator.id}|${victim.id}`)}
                    names={[perpetrator.label, victim.label]}
                    self={r === c}
                    at={`${r}-${c}`}
                    focusable={r === row && c === column}
                    onFocus={() => setAt([r, c])}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <PairsKey />
    </>
  );
}

function PairCell({
  cell,
  names: [perpetrator, victim],
  self,
  at,
  focusable,
  onFocus,
}: {
  cell: Cell | undefined;
  names: [string, string];
  self: boolean;
  at: string;
  focusable: boolean;
  onFocus: () => void;
}) {
  const tabIndex = focusable ? 0 : -1;
  if (!cell)
    return (
      <td
        className="pair self"
        role="gridcell"
        data-at={at}
        tabIndex={tabIndex}
        onFocus={onFocus}
        aria-label={self ? `${victim} itself` : `${perpetrator} on ${victim}: not screened`}
      />
    );
  const to = way(cell.auc_ratio);
  const none = cell.studies.length === 0;
  const label = `${perpetrator} on ${victim}: AUC ${WAY_WORD[to]}, ${ratioText(cell.auc_ratio)}-fold, ${cell.evidence || "no mechanism"}, ${none ? "no study exists" : `studies: ${cell.studies.length}`}`;
  return (
    <td role="gridcell" className="pair-cell">
      <button
        type="button"
        className={`pair ${to} ${cell.strength}`}
        data-at={at}
        tabIndex={tabIndex}
        onFocus={onFocus}
        aria-label={label}
        onClick={() => openDrawer(`${perpetrator} on ${victim}`, <PairDrawer perpetrator={cell.perpetrator} victim={cell.victim} />)}
      >
        <span className="size">
          {to !== "none" && <b>{ARROW[to]}</b>}
          {ratioText(cell.auc_ratio)}
        </span>
        <span className="marks">
          {evidenceClass(cell.evidence) !== "none" && <EvidenceMark kind={cell.evidence} />}
          {none ? <i className="no-study" /> : <i className="n-studies">{cell.studies.length}</i>}
        </span>
      </button>
    </td>
  );
}
