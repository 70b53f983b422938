/** The case as the server reads it, always a moment behind the typing: problems at their fields, doses as times. */
import { useEffect } from "react";
import { isAbort, post, problemsOf } from "../api/client";
import type { CaseDoc, Checked, Matrix } from "../api/types";
import { hasDrugs, useCase } from "./case";
import { allEntries, tidy } from "./edits";
import { makeStore } from "./store";

const WAIT_MS = 80; // between edits in a row; a single one is checked at once
const OLD = "These are the pairs of the case as it was before the problem beside.";
const NOTHING: Checked = { problems: [], warnings: [], title: "", duration_h: null, entries: [] };

let edited = -Infinity;
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
    const timer = setTimeout(() => void refresh(tidy(doc), stop.signal), performance.now() - edited > 4 * WAIT_MS ? 0 : WAIT_MS);
    edited = performance.now();
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [doc]);
}

async function refresh(doc: CaseDoc, signal: AbortSignal): Promise<void> {
  const screen = () => post<Matrix>("/api/matrix", { case: doc }, signal);
  const early = checked.get().problems.length || !allEntries(doc).every((entry) => entry.dose || entry.doses) ? null : screen();
  early?.catch(() => undefined); // told below, or the problems of the check say more
  try {
    const check = await post<Checked>("/api/case/check", { case: doc }, signal);
    checked.set(check);
    if (check.problems.length) pairs.set({ ...pairs.get(), problem: OLD });
    else pairs.set({ matrix: await (early ?? screen()), problem: "" });
  } catch (error) {
    if (!isAbort(error)) checked.set({ ...NOTHING, problems: problemsOf(error) });
  }
}
