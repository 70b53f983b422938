import type { CompoundValue, Reference } from "../../api/types";
import { sig } from "../../ui/format";
import { Tag } from "../../ui/Tag";
import { Cited } from "./Cited";

const STUDY = /^[A-Z]+\d+$/; // other observations have no page of their own

/** One value: number, evidence, source, reason; and the values of other sources that were not taken. */
export function ValueRow({ row, references }: { row: CompoundValue; references: Reference[] }) {
  const range = row.low !== null || row.high !== null;
  return (
    <>
      <tr className={row.conflicts.length ? "has-others" : undefined}>
        <th scope="row">{row.label}</th>
        <td className="n">
          <span className="strong">{sig(row.value, 4)}</span> <span className="soft">{row.unit}</span>
          {range && (
            <div className="soft small">
              {sig(row.low)} to {sig(row.high)}
            </div>
          )}
        </td>
        <td>
          <Tag kind={row.evidence} />
        </td>
        <td className="why">
          {row.source && <Cited source={row.source} citation={row.citation} references={references} />}
          {row.fitted_to.length > 0 && (
            <p>
              fitted to{" "}
              {row.fitted_to.map((id, i) => (
                <span key={id}>
                  {i > 0 && ", "}
                  {STUDY.test(id) ? <a href={`#/accuracy/${id}`}>{id}</a> : id}
                </span>
              ))}
            </p>
          )}
          {row.because && (
            <p>
              <span className="soft">because </span>
              {row.because}
            </p>
          )}
          {row.note && <p className="soft">{row.note}</p>}
        </td>
      </tr>
      {row.conflicts.map((other, i) => (
        <tr key={i} className="other">
          <th scope="row">
            <span className="soft">another source says</span>
          </th>
          <td className="n">
            {sig(other.value, 4)} <span className="soft">{other.unit}</span>
          </td>
          <td className="soft small">not taken</td>
          <td className="why">
            <Cited source={other.source} citation={other.citation} references={references} />
            {other.note && <p className="soft">{other.note}</p>}
          </td>
        </tr>
      ))}
    </>
  );
}
