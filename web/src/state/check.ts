/** The case as the server reads it, always a moment behind the typing: problems at their fields, doses as times. */
import { useEffect } from "react";
import { isAbort, post, problemsOf } from "../api/client";
import type { CaseDoc, Checked, Matrix } from "../api/types";
import { hasDrugs, useCase } from "./case";
import { tidy } from "./edits";
import { makeStore } from "./store";

const WAIT_MS = 40;
const OLD = "These are the pairs of the case as it was before the problem beside.";
const NOTHING: Checked = { problems: [], warnings: [], title: "", duration_h: null, entries: [] };

const checked = makeStore<Checked>(NOTHING);
const pairs = makeStore<{ matrix: Matrix | null; problem: string }>({ matrix: null, problem: "" });

/** The last check; entries of a case that is being edited may lag by one round trip. */
export const useChecked = checked.use;

/** The static screen of the case's drugs; null while there is none. */
export const usePairs = pairs.use;

/** Keeps both up to date while the caller is shown. */
export function useKeepChecked(): void {
  const doc = useCase();
  useEffect(() => {
    if (!hasDrugs(doc)) {
      checked.set(NOTHING);
      pairs.set({ matrix: null, problem: "" });
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => void refresh(tidy(doc), stop.signal), WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [doc]);
}

async function refresh(doc: CaseDoc, signal: AbortSignal): Promise<void> {
  try {
    const check = await post<Checked>("/api/case/check", { case: doc }, signal);
    checked.set(check);
    if (check.problems.length) pairs.set({ ...pairs.get(), problem: OLD });
    else pairs.set({ matrix: await post<Matrix>("/api/matrix", { case: doc }, signal), problem: "" });
  } catch (error) {
    if (!isAbort(error)) checked.set({ ...NOTHING, problems: problemsOf(error) });
  }
}
