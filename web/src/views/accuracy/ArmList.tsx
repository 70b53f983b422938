import { useState } from "react";
import { Button } from "../../ui/Button";
import { ratioText } from "../../ui/format";
import { Table } from "../../ui/Table";
import { fold, QUANTITY, studyHash, type Point } from "./arms";

const PAGE = 10;

/** The arms of the selection as a table, the worst misfit first. */
export function ArmList({ shown }: { shown: Point[] }) {
  const [length, setLength] = useState(PAGE);
  const worst = [...shown].sort((a, b) => fold(b) - fold(a));
  return (
    <section className="card arm-list" aria-labelledby="misfits-title">
      <h2 id="misfits-title">Worst misfits first</h2>
      <p className="say">
        The first {Math.min(length, worst.length)} of the {worst.length} arms drawn, by how many times the prediction is off.
      </p>
      <Table
        name="Study arms, worst misfit first"
        rows={worst.slice(0, length)}
        keyOf={(arm, i) => `${arm.id}-${i}`}
        columns={[
          { head: "Study", cell: (arm) => <a href={studyHash(arm.id)}>{arm.title}</a>, sort: (arm) => arm.title, className: "wide" },
          {
            head: "Of",
            className: "of",
            cell: (arm) => (
              <>
                {arm.compound}{" "}
                <span className="soft nowrap">
                  {QUANTITY[arm.quantity]}
                  {arm.route && `, ${arm.route}`}
                </span>
              </>
            ),
          },
          { head: "Observed", number: true, cell: (arm) => ratioText(arm.observed), sort: (arm) => arm.observed },
          { head: "Predicted", number: true, cell: (arm) => ratioText(arm.predicted), sort: (arm) => arm.predicted },
          {
            head: "Off by",
            number: true,
            cell: (arm) => (
              <>
                <span aria-hidden="true">{arm.predicted >= arm.observed ? "↑" : "↓"} </span>
                {fold(arm).toFixed(2)}-fold <span className="sr-only">{arm.predicted >= arm.observed ? "above" : "below"}</span>
              </>
            ),
            sort: fold,
          },
          {
            head: "Fitted",
            cell: (arm) => (arm.fitted ? <span className="tag fitted">yes</span> : <span className="soft small">no</span>),
          },
        ]}
      />
      {length < worst.length && (
        <Button className="no-print more-rows" onClick={() => setLength(length + 50)}>
          Show {Math.min(50, worst.length - length)} more
        </Button>
      )}
    </section>
  );
}
