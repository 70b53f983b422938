/** The types of the JSON API (`GET /api/openapi.json`), as the page reads and writes them. */

export type Problem = { message: string; path: string; line: number; column: number };
export type Evidence = "measured in vivo" | "measured in vitro" | "fitted" | "computed" | "assumed";
export type Arm = "regimen" | "compare";

export type Drug = {
  id: string;
  label: string;
  kind: string;
  parts: string[];
  brands: string[];
  synonyms: string[];
  classes: string[];
  routes: string[];
  usual: { dose: string; route: string; every: string | null; basis: string } | null;
};
export type PersonField = {
  name: string;
  label: string;
  kind: "number" | "quantity" | "choice";
  unit: string;
  low: number | null;
  high: number | null;
  choices: string[];
  default: { male: string | number | null; female: string | number | null };
  help: string;
};
export type Gene = { gene: string; alleles: string[]; examples: string[] };
export type Start = {
  version: string;
  disclaimer: string;
  counts: { compounds: number; products: number; references: number; studies: number };
  drugs: Drug[];
  person: PersonField[];
  genes: Gene[];
  routes: string[];
  limits: { max_bytes: number; max_subjects: number; max_doses: number };
};

/** A case document: exactly what the YAML file of format clearway.case/1 holds. */
export type Entry = {
  drug: string;
  dose?: string;
  route: string;
  every?: string;
  count?: number;
  start?: string;
  until?: string;
  over?: string;
  times?: string[];
  days?: string | number | (string | number)[];
  doses?: { time: string; dose: string }[];
  fed?: boolean;
  missed?: number[];
  as?: "salt" | "base";
  note?: string;
};
export type Person = Record<string, string | number | Record<string, string>>;
export type CaseDoc = {
  format: "clearway.case/1";
  title?: string;
  person?: Person;
  population?: Record<string, unknown>;
  regimen?: Entry[];
  compare?: Entry[];
  steady_state?: string[];
  measure?: Record<string, unknown>;
  duration?: string;
  note?: string;
};

export type CheckedEntry = {
  arm: Arm;
  index: number;
  product: string;
  label: string;
  compounds: string[];
  route: string;
  times_h: number[];
  missed_h: number[];
  interval_h: number | null;
  text: string;
  steady: boolean;
};
export type Checked = { problems: Problem[]; warnings: string[]; title: string; duration_h: number | null; entries: CheckedEntry[] };

export type Factor = { mechanism: string; factor: number };
export type MatrixDrug = { id: string; label: string; arm: Arm; dose: string };
export type Direction = "rise" | "fall" | "none";
export type Strength = "strong" | "moderate" | "weak" | "none";
export type Cell = {
  perpetrator: string;
  victim: string;
  route: "iv" | "oral";
  auc_ratio: number;
  worst_low: number;
  worst_high: number;
  genotype_low: number | null;
  genotype_high: number | null;
  direction: Direction;
  strength: Strength;
  mechanisms: Factor[];
  evidence: string;
  assumed: number;
  values: number;
  studies: string[];
};
export type Matrix = { drugs: MatrixDrug[]; cells: Cell[]; left_out: { drug: string; why: string }[] };
export type BasisRow = {
  compound: string;
  what: string;
  enzyme: string;
  value: number;
  unit: string;
  evidence: Evidence;
  source: string | null;
  citation: string;
  why: string;
};
export type StudyArm = {
  id: string;
  title: string;
  perpetrators: string[];
  victims: string[];
  compound: string;
  route: string;
  quantity: "auc" | "cmax" | "cmin";
  observed: number;
  observed_low: number | null;
  observed_high: number | null;
  predicted: number | null;
  fitted: boolean | null;
  people: number | null;
  reference: string;
  address: string;
  confidence: string;
};
export type Pair = { cell: Cell; basis: BasisRow[]; studies: StudyArm[] };

export type Progress = { stage: string; done: number; of: number };
export type Exposure = {
  auc: number | null;
  cmax: number | null;
  cmin: number | null;
  tmax: number | null;
  half_life: number | null;
  auc_unit: string;
  concentration_unit: string;
  time_unit: string;
};
export type RatioRow = {
  compound: string;
  auc: number | null;
  cmax: number | null;
  cmin: number | null;
  low: number | null;
  high: number | null;
};
export type AnswerRow = {
  name: string;
  label: string;
  part_of: string;
  route: string;
  main: boolean;
  window: { start: number; end: number | null };
};
export type Flag = {
  headline: string;
  because: string;
  anchors: { study: string; change: string; outcome: string; source: string }[];
  limits: string[];
  no_dose_rule: string;
};
export type Threshold = {
  compound: string;
  kind: string;
  threshold: number;
  unit: string;
  of: string;
  control: number;
  test: number;
  control_met: boolean;
  test_met: boolean;
  source: string;
  evidence: string;
  note: string;
};
export type EvidenceSummary = {
  compounds: string[];
  values: Record<Evidence, number>;
  total: number;
  assumed_share: number;
  rests_on: { values: Record<Evidence, number>; total: number; assumed_share: number };
  rows: BasisRow[];
};
export type Activity = { enzyme: string; organ: string; control?: number[]; test: number[] };
export type CurveSet = { times: number[]; plasma: Record<string, { control?: number[]; test?: number[] }>; activity: Activity[] };
export type Answer = {
  title: string;
  answer: string[];
  ratios: RatioRow[];
  rows: AnswerRow[];
  attribution: Record<string, Factor[]>;
  exposure: Record<string, { route: string; window: string; control: Exposure | null; test: Exposure }>;
  evidence: EvidenceSummary;
  flags: Flag[];
  thresholds: Threshold[];
  studies: StudyArm[];
  no_study: { perpetrator: string; victim: string }[];
  most_sensitive_to: Record<string, { input: string; factor_if_one_sd_higher: number }[]>;
  unknown: string[];
  warnings: string[];
  curves: CurveSet;
};
export type MissedRow = {
  drug: string;
  label: string;
  at_h: number;
  changes: {
    compound: string;
    label: string;
    planned: number;
    missed: number;
    ratio: number;
    thresholds: { kind: string; threshold: number; planned_met: boolean; missed_met: boolean }[];
  }[];
};

export type Percentile = "p5" | "p25" | "p50" | "p75" | "p95";
export type Cohort = {
  subjects: number;
  seed: number;
  failed: number;
  endpoints: {
    name: string;
    label: string;
    arm: string;
    quantity: string;
    unit: string;
    subjects: number;
    percentiles: Record<Percentile, number>;
  }[];
  bands: ({ compound: string; arm: string; times: number[] } & Record<Percentile, number[]>)[];
};

export type Screen = {
  drugs: { id: string; label: string; classes: string[]; dose: string; basis: string }[];
  victims: { id: string; drug: number; label: string }[];
  mechanisms: string[];
  enzymes: string[];
  evidence: Evidence[];
  rows: [p: number, v: number, route: 0 | 1, ratio: number, mechanism: number, evidence: number, studies: number][];
  unchanged: number;
};
export type CompoundCard = {
  id: string;
  label: string;
  classes: string[];
  metabolite: boolean;
  evidence: Record<Evidence, number>;
  cleared_by: string[];
  acts_on: { on: string; kind: string }[];
  single: { rows: number; within: number };
  studies: { victim: number; perpetrator: number };
  brands: string[];
};
export type CompoundValue = {
  place: string;
  label: string;
  value: number;
  unit: string;
  low: number | null;
  high: number | null;
  evidence: Evidence;
  source: string | null;
  citation: string;
  fitted_to: string[];
  because: string;
  note: string;
  conflicts: { value: number; unit: string; source: string; citation: string; note: string }[];
};
export type Reference = {
  key: string;
  citation: string;
  title: string;
  pmid: string | null;
  doi: string | null;
  url: string | null;
  read: string | null;
};
export type Compound = {
  id: string;
  label: string;
  classes: string[];
  note: string;
  identifiers: Record<string, string>;
  schedules: { where: string; level: string; date: string }[];
  blocks: { heading: string; rows: CompoundValue[] }[];
  single: { title: string; quantity: string; unit: string; observed: number; predicted: number; independent: boolean; miss: string }[];
  victim_arms: StudyArm[];
  perpetrator_arms: StudyArm[];
  references: Reference[];
  products: { id: string; label: string; parts: string[]; brands: string[] }[];
};
export type Accuracy = {
  figures: {
    name: string;
    n: number;
    gmfe: number;
    bias: number;
    within_125: number;
    within_15: number;
    within_2: number;
    guest: number;
    sign_errors: number;
  }[];
  arms: StudyArm[];
};
export type Study = { arm: StudyArm | null; study: Record<string, unknown> };
