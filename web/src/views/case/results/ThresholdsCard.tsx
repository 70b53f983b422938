import type { Answer, Threshold } from "../../../api/types";
import { EvidenceNumber } from "../../../ui/EvidenceNumber";
import { Table } from "../../../ui/Table";
import { Tag } from "../../../ui/Tag";
import { sig } from "../../../ui/format";
import { labelOf } from "./evidence";

/** Concentrations that matter, and whether they are reached in either arm. */
export function ThresholdsCard({ answer }: { answer: Answer }) {
  if (!answer.thresholds.length) return null;
  return (
    <section className="card" aria-labelledby="thresholds-title">
      <h2 id="thresholds-title">Thresholds</h2>
      <Table
        name="Thresholds"
        rows={answer.thresholds}
        keyOf={(one, i) => `${one.compound}-${one.kind}-${i}`}
        columns={[
          { head: "Compound", cell: (one) => <b>{labelOf(answer, one.compound)}</b> },
          {
            head: "Threshold",
            cell: (one) => (
              <>
                {one.kind} <span className="soft">({one.of})</span>
              </>
            ),
          },
          {
            head: "At",
            number: true,
            cell: (one) => (
              <EvidenceNumber name={one.kind} title={`${labelOf(answer, one.compound)}: ${one.kind}`} body={() => <Source one={one} />}>
                {sig(one.threshold)} {one.unit}
              </EvidenceNumber>
            ),
          },
          { head: "Without", number: true, cell: (one) => <Met value={one.control} unit={one.unit} met={one.control_met} /> },
          { head: "With", number: true, cell: (one) => <Met value={one.test} unit={one.unit} met={one.test_met} /> },
        ]}
      />
    </section>
  );
}

function Met({ value, unit, met }: { value: number; unit: string; met: boolean }) {
  return (
    <span className={met ? "" : "bad"}>
      {sig(value)} {unit} {met ? "✓ met" : "✗ not met"}
    </span>
  );
}

function Source({ one }: { one: Threshold }) {
  return (
    <>
      <p>
        {sig(one.threshold)} {one.unit}, {one.of}. <Tag kind={one.evidence} />
      </p>
      <p>{one.source}</p>
      {one.note && <p className="soft">{one.note}</p>}
    </>
  );
}
