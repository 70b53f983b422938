import type { ReactNode } from "react";
import type { Answer, BasisRow, StudyArm } from "../../../api/types";
import { BasisTable } from "../../../ui/BasisTable";
import { EvidenceNumber } from "../../../ui/EvidenceNumber";
import { EvidenceBar } from "../../../ui/EvidenceBar";
import { StudiesTable } from "../../../ui/StudiesTable";
import { EVIDENCE } from "../../../ui/Tag";
import { plural } from "../../../ui/format";

/** The compounds behind a row of the answer: itself, or the halves of a racemate. */
export function partsOf(answer: Answer, name: string): Set<string> {
  return new Set([name, ...answer.rows.filter((row) => row.part_of === name).map((row) => row.name)]);
}

export function labelOf(answer: Answer, name: string): string {
  return answer.rows.find((row) => row.name === name)?.label ?? name;
}

/** A number of the answer about one compound; opens the values it rests on, narrowed to one enzyme where a mechanism is meant. */
export function Basis({
  answer,
  compound,
  mechanism,
  what,
  children,
}: {
  answer: Answer;
  compound: string;
  mechanism?: string;
  what: string;
  children: ReactNode;
}) {
  const label = labelOf(answer, compound);
  const title = `${label}: ${what}`;
  return (
    <EvidenceNumber name={title} title={title} body={() => <BasisBody answer={answer} compound={compound} mechanism={mechanism} />}>
      {children}
    </EvidenceNumber>
  );
}

function BasisBody({ answer, compound, mechanism }: { answer: Answer; compound: string; mechanism?: string }) {
  const own = partsOf(answer, compound);
  const enzyme = mechanism?.split(" ")[0];
  const others = answer.rows.filter((row) => !own.has(row.name)).map((row) => row.name);
  const named = answer.evidence.rows.filter((row) =>
    enzyme
      ? row.enzyme === enzyme && (own.has(row.compound) || !others.includes(row.compound))
      : own.has(row.compound) || !others.includes(row.compound),
  );
  const rows = named.length ? named : answer.evidence.rows;
  const arms = answer.studies.filter((arm) => own.has(arm.compound));
  return (
    <>
      <div className="stack">
        <p className="say">
          {mechanism ? `What “${mechanism}” of this compound rests on.` : "Constants of this compound, and of what acts on its enzymes."}{" "}
          {plural(rows.length, "value")} of the library:
        </p>
        <EvidenceBar counts={countsOf(rows)} />
      </div>
      <BasisTable name="Values it rests on" rows={rows} />
      <section>
        <h3>Clinical studies</h3>
        <Studies arms={arms} />
      </section>
    </>
  );
}

function Studies({ arms }: { arms: StudyArm[] }) {
  return arms.length ? (
    <StudiesTable name="Studies of this compound" arms={arms} />
  ) : (
    <p className="note">No study of this pair exists in the library: a prediction from mechanisms alone.</p>
  );
}

export function countsOf(rows: readonly BasisRow[]): Record<string, number> {
  return Object.fromEntries(EVIDENCE.map((kind) => [kind, rows.filter((row) => row.evidence === kind).length]));
}
