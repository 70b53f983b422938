/** What the page needs from the server once: drugs, fields of a person, genes, limits. */
import { createContext, useContext, useMemo } from "react";
import type { Drug, Start } from "../api/types";

export const StartContext = createContext<Start | null>(null);

/** The start document; only below the shell, which waits for it. */
export function useStart(): Start {
  const start = useContext(StartContext);
  if (!start) throw new Error("useStart outside the shell");
  return start;
}

/** Finds a drug by its id. */
export function useDrugs(): Map<string, Drug> {
  const { drugs } = useStart();
  return useMemo(() => new Map(drugs.map((drug) => [drug.id, drug])), [drugs]);
}
