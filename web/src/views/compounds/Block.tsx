import type { CompoundValue, Reference } from "../../api/types";
import { ValueRow } from "./ValueRow";

/** The values of one part of the card; what other sources say stands below each value in the same columns. */
export function Block({ heading, rows, references }: { heading: string; rows: CompoundValue[]; references: Reference[] }) {
  return (
    <section className="card">
      <h2>{heading}</h2>
      <div className="scroll-x" role="region" aria-label={heading} tabIndex={0}>
        <table className="table values">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" className="n">
                Value
              </th>
              <th scope="col">Evidence</th>
              <th scope="col">Source and reason</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ValueRow key={row.place} row={row} references={references} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
