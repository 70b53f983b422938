/** The case as a file of the user's: opened, saved, reported. Names of files say nothing of the person. */
import { download, post, saveBlob } from "../api/client";
import type { CaseDoc, Problem } from "../api/types";
import { currentCase, EMPTY, replaceCase } from "./case";
import { tidy } from "./edits";
import { clearRun } from "./run";

export function newCase(): void {
  clearRun();
  replaceCase(EMPTY);
}

/** Opens the text of a case file; returns what is wrong with it. A file that is no case leaves the page as it is. */
export async function openCase(yaml: string): Promise<Problem[]> {
  const { case: doc, problems } = await post<{ case: CaseDoc | null; problems: Problem[] }>("/api/case/open", { yaml });
  if (doc) {
    clearRun();
    replaceCase({ ...doc, regimen: doc.regimen ?? [], compare: doc.compare ?? [] });
  }
  return doc ? [] : problems;
}

export async function saveCase(): Promise<void> {
  const { yaml } = await post<{ yaml: string }>("/api/case/save", { case: tidy(currentCase()) });
  saveBlob(new Blob([yaml], { type: "application/yaml" }), "case.yaml");
}

export function saveReport(format: "html" | "pdf"): Promise<void> {
  return download("/api/report", { case: tidy(currentCase()), format }, `clearway-report.${format}`);
}
