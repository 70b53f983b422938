/** Two cases to look at. Their doses are illustrative. */
import type { CaseDoc, Entry } from "../../api/types";

const daily = (drug: string, dose: string, route = "oral"): Entry => ({ drug, dose, route, every: "24 h", count: 21 });
const smoking = (drug: string, dose: string, times: string[]): Entry => ({ drug, dose, route: "inhaled", times, days: "1-21" });
const evening = (drug: string, dose: string, route: string, hour: number): Entry => ({ drug, dose, route, start: `${480 + hour} h` });

export const EXAMPLES: { name: string; doc: CaseDoc }[] = [
  {
    name: "Methadone, efavirenz is added",
    doc: {
      format: "clearway.case/1",
      regimen: [daily("methadone", "60 mg")],
      compare: [daily("efavirenz", "600 mg")],
      steady_state: ["methadone"],
    },
  },
  {
    name: "Nine drugs, a triple HIV therapy is added",
    doc: {
      format: "clearway.case/1",
      regimen: [
        daily("methadone", "60 mg"),
        daily("sertraline", "50 mg"),
        daily("bupropion", "150 mg"),
        daily("alprazolam", "1 mg"),
        smoking("cigarette", "1 cigarette", ["8 h", "12 h", "16 h", "20 h"]),
        smoking("cannabis-cigarette", "1 cigarette", ["21 h"]),
        evening("standard-drink", "2 drinks", "oral", 0),
        evening("ketamine", "50 mg", "intranasal", 0),
        evening("cocaine", "50 mg", "intranasal", 0),
      ],
      compare: [daily("efavirenz", "600 mg"), daily("emtricitabine", "200 mg"), daily("tenofovir-disoproxil", "300 mg")],
      steady_state: ["methadone", "sertraline", "bupropion", "alprazolam"],
    },
  },
];
