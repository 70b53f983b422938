/** The study file (`clearway.study/1`) as the panel reads it. */
export type Dose = {
  drug: string;
  dose: string;
  route: string;
  start?: string;
  every?: string;
  count?: number;
  over?: string;
  fed?: boolean;
};
export type Group = { doses?: Dose[]; genotype?: Record<string, string>; people?: People; condition?: string; normalise?: string } | null;
export type People = { n?: number; who?: string; age?: number; sex?: string };
export type StudyFile = {
  id: string;
  pair: string;
  title: string;
  people?: People | null;
  doses: Dose[];
  perpetrator: Dose[] | null;
  genotype?: Record<string, string> | null;
  measured: { compound: string; after_dose?: string | number; auc?: string; until?: string | null; from?: string };
  observed: {
    auc_ratio: number | null;
    cmax_ratio: number | null;
    cmin_ratio: number | null;
    low: number | null;
    high: number | null;
    interval: string | null;
  };
  control: Group;
  test: Group;
  assumed: (string | Record<string, string>)[] | null;
  mechanism: string[] | null;
  usable: boolean;
  why_not?: string;
  source: { reference: string; address: string; confidence: string };
  peer?: { osp_auc_ratio: number | null; osp_cmax_ratio: number | null } | null;
};

/** "600 mg oral every 24 h, 16 doses, the first at 312 h" */
export function doseText(dose: Dose): string {
  const times = dose.count && dose.count > 1 ? `, ${dose.count} doses` : dose.every ? "" : ", once";
  const start = dose.start && !/^0 h$/.test(dose.start) ? `, from ${dose.start}` : "";
  return `${dose.dose} ${dose.route}${dose.over ? ` over ${dose.over}` : ""}${dose.every ? ` every ${dose.every}` : ""}${times}${start}${dose.fed ? ", with food" : ""}`;
}

export function peopleText(people: People | null | undefined): string {
  if (!people) return "";
  return [people.n && `${people.n}`, people.who, people.sex, people.age && `${people.age} years`].filter(Boolean).join(", ");
}

export const genes = (genotype: Record<string, string> | null | undefined): string =>
  Object.entries(genotype ?? {})
    .map(([gene, type]) => `${gene} ${type}`)
    .join(", ");

export const assumption = (entry: string | Record<string, string>): string =>
  typeof entry === "string"
    ? entry
    : Object.entries(entry)
        .map(([what, how]) => `${what}: ${how}`)
        .join("; ");
