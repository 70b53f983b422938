import type { CaseDoc, Drug, Entry, Screen } from "../../api/types";
import { P, ROUTE, V, type Row } from "./grid";

/** The request for one pair: the victim in the regimen by the row's route, the perpetrator added, both at the doses of the screen. */
export function pairCase(screen: Screen, row: Row, drugs: Map<string, Drug>): { case: CaseDoc; perpetrator: string; victim: string } | null {
  const perpetrator = screen.drugs[row[P]];
  const victim = screen.drugs[screen.victims[row[V]]?.drug ?? -1];
  if (!perpetrator || !victim) return null;
  const regimen = entry(victim.id, victim.dose, row[ROUTE] ? "oral" : "iv bolus");
  const added = entry(perpetrator.id, perpetrator.dose, drugs.get(perpetrator.id)?.usual?.route ?? "oral");
  return { case: { format: "clearway.case/1", regimen: [regimen], compare: [added] }, perpetrator: perpetrator.id, victim: victim.id };
}

/** "600 mg/24 h" is 600 mg every 24 h. */
function entry(drug: string, text: string, route: string): Entry {
  const [dose = text, every] = text.split(/\/(?=[\d.]+ h$)/);
  return every ? { drug, dose, route, every, count: 14 } : { drug, dose, route };
}
