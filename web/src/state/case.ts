/** The case document of the page: one immutable JSON object, the same that the YAML file holds, with undo. Nothing of it is kept anywhere else. */
import type { CaseDoc } from "../api/types";
import { begin, push, redo, undo, type History } from "./history";
import { makeStore } from "./store";

export const EMPTY: CaseDoc = { format: "clearway.case/1", regimen: [], compare: [] };

const history = makeStore<History<CaseDoc>>(begin(EMPTY));

/** The case document; re-renders on change. Use also in Matrix and Cohort. */
export function useCase(): CaseDoc {
  return history.use().present;
}

/** Whether the case names any drug. */
export function hasDrugs(doc: CaseDoc): boolean {
  return (doc.regimen?.length ?? 0) + (doc.compare?.length ?? 0) > 0;
}

export function useHistory(): { canUndo: boolean; canRedo: boolean } {
  const { past, future } = history.use();
  return { canUndo: past.length > 0, canRedo: future.length > 0 };
}

/** Applies an edit (a pure function of the document); edits in a row with the same `key` undo together. */
export function editCase(change: (doc: CaseDoc) => CaseDoc, key: string | null = null): void {
  const now = history.get();
  history.set(push(now, change(now.present), key));
}

export const currentCase = (): CaseDoc => history.get().present;
export const undoCase = (): void => history.set(undo(history.get()));
export const redoCase = (): void => history.set(redo(history.get()));

/** A new or opened case; the one before stays reachable by undo. */
export function replaceCase(doc: CaseDoc): void {
  editCase(() => doc);
}
