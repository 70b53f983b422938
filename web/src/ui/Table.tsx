import { useState, type ReactNode } from "react";

/** `sort`, where given, makes the column sortable by that value. */
export type Column<Row> = {
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  number?: boolean;
  sort?: (row: Row) => number | string;
  className?: string;
};

/** A plain table that scrolls sideways inside itself where the page is narrow. `name` labels it for those who do not see it. */
export function Table<Row>({
  name,
  caption,
  columns,
  rows,
  keyOf,
}: {
  name: string;
  caption?: ReactNode;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row, index: number) => string | number;
}) {
  const [order, setOrder] = useState<{ column: number; down: boolean } | null>(null);
  const by = order === null ? undefined : columns[order.column]?.sort;
  const sorted = by && order ? [...rows].sort((a, b) => compare(by(a), by(b)) * (order.down ? -1 : 1)) : rows;
  return (
    <div className="scroll-x" role="group" aria-label={name} tabIndex={0}>
      <table className="table">
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column, i) => {
              const here = order?.column === i;
              return (
                <th
                  key={i}
                  scope="col"
                  className={column.number ? "n" : undefined}
                  aria-sort={here ? (order.down ? "descending" : "ascending") : undefined}
                >
                  {column.sort ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => setOrder({ column: i, down: here ? !order.down : Boolean(column.number) })}
                    >
                      {column.head} <span aria-hidden="true">{here ? (order.down ? "▾" : "▴") : ""}</span>
                    </button>
                  ) : (
                    column.head
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map((column, i) => (
                <td key={i} className={[column.number && "n", column.className].filter(Boolean).join(" ") || undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
}
