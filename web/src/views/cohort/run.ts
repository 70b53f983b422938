/** One run of a population: what was asked, how far it is, what came of it. It outlives a change of view; nothing is kept beyond the page. */
import { isAbort, problemsOf, stream } from "../../api/client";
import type { CaseDoc, Cohort, Problem, Progress } from "../../api/types";
import { currentCase } from "../../state/case";
import { tidy } from "../../state/edits";
import { makeStore } from "../../state/store";

export type Run = {
  of: CaseDoc | null;
  anyone: boolean;
  progress: Progress | null;
  cohort: Cohort | null;
  problems: Problem[];
  seconds: number | null;
};

const NOTHING: Run = { of: null, anyone: false, progress: null, cohort: null, problems: [], seconds: null };
const store = makeStore<Run>(NOTHING);
let stop: AbortController | null = null;

export const useCohort = store.use;

/** Runs the case as it is now; what ran before is cancelled. With `anyone` the case's person is left out, so that people differ in everything. */
export async function runCohort(subjects: number, seed: number, anyone: boolean): Promise<void> {
  stop?.abort();
  const mine = (stop = new AbortController());
  const of = askedOf(currentCase(), anyone);
  store.set({ ...NOTHING, of, anyone, progress: { stage: "people", done: 0, of: subjects } });
  const change = (next: Partial<Run>) => {
    if (stop === mine) store.set({ ...store.get(), ...next });
  };
  try {
    await stream(
      "/api/cohort",
      { case: of, subjects, seed },
      (event, data) => {
        if (event === "progress") change({ progress: data as Progress });
        else if (event === "cohort") change({ cohort: data as Cohort });
        else if (event === "problem") change({ problems: (data as { problems: Problem[] }).problems });
        else if (event === "end") change({ seconds: (data as { seconds: number }).seconds });
      },
      mine.signal,
    );
  } catch (error) {
    if (!isAbort(error)) change({ problems: problemsOf(error) });
  }
  change({ progress: null });
}

/** The document that is sent. */
export function askedOf(doc: CaseDoc, anyone: boolean): CaseDoc {
  const { person, ...rest } = tidy(doc);
  return anyone || person === undefined ? rest : { ...rest, person };
}

export function cancelCohort(): void {
  stop?.abort();
  stop = null;
  store.set({ ...store.get(), progress: null });
}
