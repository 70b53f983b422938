/** The simulation of the case: its progress, its answers as they come, and whether they still belong to the case as it stands. */
import { isAbort, problemsOf, stream } from "../api/client";
import type { Answer, CaseDoc, MissedRow, Problem, Progress } from "../api/types";
import { currentCase, useCase } from "./case";
import { tidy } from "./edits";
import { makeStore } from "./store";

export type Run = {
  status: "idle" | "running" | "done" | "failed" | "cancelled";
  progress: Progress | null;
  problems: Problem[];
  seconds: number | null;
  of: CaseDoc | null;
  answer: Answer | null;
  reverse: Answer | null;
  missed: MissedRow[] | null;
};

const IDLE: Run = { status: "idle", progress: null, problems: [], seconds: null, of: null, answer: null, reverse: null, missed: null };
const run = makeStore<Run>(IDLE);
let stop: AbortController | null = null;

export const useRun = run.use;

/** Whether the shown answer is of another case than the one on the page. */
export function useStale(): boolean {
  const { of } = run.use();
  const doc = useCase();
  return of !== null && JSON.stringify(tidy(doc)) !== JSON.stringify(of);
}

/** Simulates the case as it stands; one at a time. */
export async function simulate(): Promise<void> {
  stop?.abort();
  const mine = (stop = new AbortController());
  const of = tidy(currentCase());
  const set = (change: Partial<Run>) => {
    if (stop === mine) run.set({ ...run.get(), ...change });
  };
  const before = run.get();
  run.set({ ...before, status: "running", progress: { stage: "starting", done: 0, of: 1 }, problems: [] });
  let fresh: Partial<Run> = { of, answer: null, reverse: null, missed: null, seconds: null };
  try {
    await stream(
      "/api/simulate",
      { case: of },
      (event, data) => {
        if (event === "progress") set({ progress: data as Progress });
        else if (event === "problem") set({ problems: (data as { problems: Problem[] }).problems, status: "failed" });
        else {
          if (event === "answer") fresh = { ...fresh, answer: data as Answer };
          if (event === "reverse") fresh = { ...fresh, reverse: data as Answer };
          if (event === "missed") fresh = { ...fresh, missed: (data as { rows: MissedRow[] }).rows };
          if (event === "sensitive" && fresh.answer)
            fresh = { ...fresh, answer: { ...fresh.answer, ...(data as Pick<Answer, "most_sensitive_to">) } };
          if (event === "end") fresh = { ...fresh, seconds: (data as { seconds: number }).seconds };
          set(fresh);
        }
      },
      mine.signal,
    );
    if (run.get().status === "running") set({ status: "done" });
  } catch (error) {
    set(isAbort(error) ? { status: "cancelled" } : { status: "failed", problems: problemsOf(error) });
  }
}

export function cancelRun(): void {
  stop?.abort();
}

/** Forgets the answer, with a new or an opened case. */
export function clearRun(): void {
  cancelRun();
  stop = null;
  run.set(IDLE);
}
