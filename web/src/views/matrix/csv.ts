import type { Screen } from "../../api/types";
import { EVIDENCE, MECHANISM, P, RATIO, ROUTE, STUDIES, V, type Row } from "./grid";

const HEAD = ["perpetrator", "dose", "victim", "route", "auc_ratio", "mechanism", "weakest_evidence", "study_arms"];

/** Rows as comma-separated values, with the ids that the command line reads. */
export function toCsv(screen: Screen, rows: Row[]): string {
  const lines = rows.map((row) =>
    [
      screen.drugs[row[P]]?.id,
      screen.drugs[row[P]]?.dose,
      screen.victims[row[V]]?.id,
      row[ROUTE] ? "oral" : "iv",
      row[RATIO],
      screen.mechanisms[row[MECHANISM]] ?? "",
      screen.evidence[row[EVIDENCE]] ?? "",
      row[STUDIES],
    ]
      .map(quoted)
      .join(","),
  );
  return [HEAD.join(","), ...lines, ""].join("\n");
}

function quoted(value: string | number | undefined): string {
  const text = String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
