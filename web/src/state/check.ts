/** The case as the server reads it, always a moment behind the typing: problems at their fields, doses as times. */
import { useEffect } from "react";
import { isAbort, post, problemsOf } from "../api/client";
import type { CaseDoc, Checked, Matrix } from "../api/types";
import { hasDrugs, useCase } from "./case";
import { tidy } from "./edits";
import { makeStore } from "./store";

const WAIT_MS = 60;
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
  const check = post<Checked>("/api/case/check", { case: doc }, signal).then(checked.set, (error: unknown) => {
    if (!isAbort(error)) checked.set({ ...NOTHING, problems: problemsOf(error) });
  });
  const screen = post<Matrix>("/api/matrix", { case: doc }, signal).then(
    (matrix) => pairs.set({ matrix, problem: "" }),
    (error: unknown) => { if (!isAbort(error)) pairs.set({ ...pairs.get(), problem: problemsOf(error)[0]?.message ?? "" }); },
  );
  await Promise.all([check, screen]);
}
