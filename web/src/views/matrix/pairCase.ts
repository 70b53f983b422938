import type { CaseDoc, Drug, Entry, Screen } from "../../api/types";
import { P, ROUTE, V, type Row } from "./grid";

/** The request for one pair: the victim in the regimen by the row's route, the perpetrator added, both at the doses of the screen. */
export function pairCase(
  screen: Screen,
  row: Row,
  drugs: Map<string, Drug>,
): { case: CaseDoc; perpetrator: string; victim: string } | null {
  const perpetrator = screen.drugs[row[P]];
  const victim = screen.drugs[screen.victims[row[V]]?.drug ?? -1];
  if (!perpetrator || !victim) return null;
  const regimen = entry(victim, drugs, row[ROUTE] ? "oral" : "iv bolus");
  const added = entry(perpetrator, drugs);
  return { case: { format: "clearway.case/1", regimen: [regimen], compare: [added] }, perpetrator: added.drug, victim: regimen.drug };
}

/** "600 mg/24 h" is 600 mg every 24 h; by mouth where the drug is taken so. */
function entry({ id, dose: text }: { id: string; dose: string }, drugs: Map<string, Drug>, route?: string): Entry {
  const [dose = text, every] = text.split(/\/(?=[\d.]+ h$)/);
  const taken = measuredIn(dose, id, drugs);
  const by = route ?? (taken?.routes.includes("oral") ? "oral" : (taken?.usual?.route ?? "oral"));
  return { drug: taken?.id ?? id, dose, route: by, ...(every && { every, count: 14 }) };
}

/** The drug itself, or the product whose doses have this unit: dihydroxybergamottin is taken as mL of grapefruit juice. */
function measuredIn(dose: string, id: string, drugs: Map<string, Drug>): Drug | undefined {
  const unit = (text: string | undefined) => text?.split(" ")[1];
  const volume = unit(dose) === "mL";
  const product =
    volume && [...drugs.values()].find((drug) => drug.parts.length === 1 && drug.parts[0] === id && unit(drug.usual?.dose) === "mL");
  return product || drugs.get(id);
}
