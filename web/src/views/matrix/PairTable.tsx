import { useState } from "react";
import type { Screen } from "../../api/types";
import { saveBlob } from "../../api/client";
import { Button } from "../../ui/Button";
import { Ratio } from "../../ui/Ratio";
import { Table } from "../../ui/Table";
import { Tag } from "../../ui/Tag";
import { EVIDENCE, MECHANISM, P, RATIO, ROUTE, ROUTES, size, STUDIES, V, type Row } from "./grid";
import { inWords } from "./scale";
import { toCsv } from "./csv";

const PAGE = 50;

/** The same pairs as rows of a table, the largest change first. */
export function PairTable({ screen, rows, onPick }: { screen: Screen; rows: Row[]; onPick: (row: Row) => void }) {
  const [shown, setShown] = useState(PAGE);
  const part = rows.slice(0, shown);
  const name = (row: Row) => screen.drugs[row[P]]?.label ?? "";
  const victim = (row: Row) => screen.victims[row[V]]?.label ?? "";
  return (
    <section className="card" aria-labelledby="pairs-title">
      <div className="row between">
        <h2 id="pairs-title">The same pairs as a table</h2>
        <Button
          small
          icon="save"
          className="no-print"
          onClick={() => saveBlob(new Blob([toCsv(screen, rows)], { type: "text/csv" }), "clearway-screen.csv")}
        >
          All rows as CSV
        </Button>
      </div>
      <p className="say">
        The first {part.length.toLocaleString("en-GB")} of {rows.length.toLocaleString("en-GB")}, the largest change first.
      </p>
      <Table
        name="Pairs that change"
        rows={part}
        keyOf={(row) => `${row[P]}-${row[V]}-${row[ROUTE]}`}
        columns={[
          {
            head: "Perpetrator",
            sort: name,
            cell: (row) => (
              <>
                {name(row)} <span className="soft small nowrap">{screen.drugs[row[P]]?.dose}</span>
              </>
            ),
          },
          {
            head: "Victim",
            sort: victim,
            cell: (row) => (
              <>
                {victim(row)} <span className="soft small">{ROUTES[row[ROUTE]]}</span>
              </>
            ),
          },
          {
            head: "AUC ratio",
            number: true,
            sort: (row) => size(row[RATIO]),
            cell: (row) => (
              <button type="button" className="evidence-button" onClick={() => onPick(row)}>
                <Ratio value={row[RATIO]} />
                <span className="sr-only">
                  , {name(row)} on {victim(row)}: show what it rests on
                </span>
              </button>
            ),
          },
          { head: "Change", cell: (row) => <span className="nowrap">{inWords(row[RATIO])}</span> },
          {
            head: "Above all by",
            sort: (row) => screen.mechanisms[row[MECHANISM]] ?? "",
            cell: (row) => screen.mechanisms[row[MECHANISM]] ?? "–",
          },
          { head: "Weakest value", cell: (row) => <Tag kind={screen.evidence[row[EVIDENCE]] ?? "–"} /> },
          {
            head: "Study arms",
            number: true,
            sort: (row) => row[STUDIES],
            cell: (row) => row[STUDIES] || <span className="soft">no study exists</span>,
          },
        ]}
      />
      {shown < rows.length && (
        <Button className="no-print" onClick={() => setShown(shown + 4 * PAGE)}>
          Show {Math.min(4 * PAGE, rows.length - shown)} more
        </Button>
      )}
    </section>
  );
}
