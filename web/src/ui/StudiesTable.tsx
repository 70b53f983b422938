import type { StudyArm } from "../api/types";
import { ratioText } from "./format";
import { Table } from "./Table";

const QUANTITY = { auc: "AUC", cmax: "Cmax", cmin: "Cmin" } as const;

/** Studies of the pair: what was seen, what the model says, and whether a value was fitted to it. */
export function StudiesTable({ name, arms }: { name: string; arms: StudyArm[] }) {
  return (
    <Table
      name={name}
      rows={arms}
      keyOf={(arm, i) => `${arm.id}-${arm.quantity}-${arm.compound}-${i}`}
      columns={[
        {
          head: "Study",
          cell: (arm) => <a href={`#/accuracy/${encodeURIComponent(arm.id)}`}>{arm.title || arm.id}</a>,
          sort: (arm) => arm.title,
        },
        {
          head: "Of",
          cell: (arm) => (
            <>
              {arm.compound} <span className="soft">{QUANTITY[arm.quantity]}</span>
            </>
          ),
        },
        {
          head: "Observed",
          number: true,
          sort: (arm) => arm.observed,
          cell: (arm) => (
            <>
              {ratioText(arm.observed)}
              {arm.observed_low !== null && (
                <span className="soft">
                  {" "}
                  ({ratioText(arm.observed_low)}–{ratioText(arm.observed_high)})
                </span>
              )}
            </>
          ),
        },
        { head: "Predicted", number: true, sort: (arm) => arm.predicted ?? 0, cell: (arm) => ratioText(arm.predicted) },
        {
          head: "Fitted?",
          cell: (arm) =>
            arm.fitted ? (
              <span className="tag fitted">fitted to it</span>
            ) : (
              <span className="soft small">{arm.fitted === false ? "no" : "–"}</span>
            ),
        },
        { head: "People", number: true, cell: (arm) => arm.people ?? "–" },
      ]}
    />
  );
}
