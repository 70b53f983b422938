/** A cohort's bands and endpoints, compound by compound. */
import type { Cohort } from "../../api/types";

export type BandRow = Cohort["bands"][number];
export type Endpoint = Cohort["endpoints"][number];
export const ARMS: Record<string, string> = { control: "without", test: "with", ratio: "with ÷ without" };
export const QUANTITIES: Record<string, string> = { auc: "AUC", cmax: "Cmax", cmin: "Cmin", tmax: "tmax", half_life: "half-life" };

export function bandsBy(cohort: Cohort): { compound: string; control: BandRow | null; test: BandRow | null }[] {
  const compounds = [...new Set(cohort.bands.map((band) => band.compound))];
  const of = (compound: string, arm: string) => cohort.bands.find((band) => band.compound === compound && band.arm === arm) ?? null;
  return compounds.map((compound) => ({ compound, control: of(compound, "control"), test: of(compound, "test") }));
}

export function rowsBy(cohort: Cohort): { label: string; rows: Endpoint[] }[] {
  const labels = [...new Set(cohort.endpoints.map((row) => row.label))];
  return labels.map((label) => ({ label, rows: cohort.endpoints.filter((row) => row.label === label) }));
}

/** Whether both arms exist; with one there is no "with" and "without". */
export const compared = (rows: { arm: string }[]): boolean => new Set(rows.map((row) => row.arm)).size > 1;
