import type { BasisRow } from "../api/types";
import { sig } from "./format";
import { Table } from "./Table";
import { Tag } from "./Tag";

/** The library's values that a number rests on, each with kind of evidence and source. */
export function BasisTable({ name, rows }: { name: string; rows: BasisRow[] }) {
  if (!rows.length) return <p className="soft">No value of the library stands behind it.</p>;
  return (
    <Table
      name={name}
      rows={rows}
      keyOf={(_, i) => i}
      columns={[
        {
          head: "Compound",
          cell: (row) => (
            <a className="nowrap" href={`#/compounds/${row.compound}`}>
              {row.compound}
            </a>
          ),
          sort: (row) => row.compound,
        },
        {
          head: "Constant",
          cell: (row) => (
            <>
              {row.what}
              {row.enzyme && <span className="soft"> {row.enzyme}</span>}
            </>
          ),
        },
        {
          head: "Is",
          number: true,
          cell: (row) => (
            <>
              {sig(row.value)} <span className="soft">{row.unit}</span>
            </>
          ),
        },
        { head: "Evidence", cell: (row) => <Tag kind={row.evidence} />, sort: (row) => row.evidence },
        {
          head: "Source",
          className: "small",
          cell: (row) => (
            <>
              {row.citation || row.source || (row.why ? "" : "–")}
              {row.why && <span className="soft"> {row.why}</span>}
            </>
          ),
        },
      ]}
    />
  );
}
