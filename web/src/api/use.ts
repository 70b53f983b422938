import { useEffect, useState } from "react";
import { get, isAbort, problemsOf } from "./client";
import type { Problem } from "./types";

export type Loaded<T> = { data: T | null; problems: Problem[]; loading: boolean };

const kept = new Map<string, unknown>(); // what does not change while the server runs, so that going back to a view is instant

/** Reads a resource once and keeps it for the life of the page; `null` as path reads nothing. */
export function useGet<T>(path: string | null): Loaded<T> {
  const [state, set] = useState<Loaded<T> & { path: string | null }>(() => begin<T>(path));
  useEffect(() => {
    const first = begin<T>(path);
    set(first);
    if (path === null || first.data !== null) return;
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (data) => {
        kept.set(path, data);
        set({ path, data, problems: [], loading: false });
      },
      (error: unknown) => {
        if (!isAbort(error)) set({ path, data: null, problems: problemsOf(error), loading: false });
      },
    );
    return () => stop.abort();
  }, [path]);
  return state.path === path ? state : begin<T>(path);
}

function begin<T>(path: string | null): Loaded<T> & { path: string | null } {
  const data = path === null ? null : ((kept.get(path) as T | undefined) ?? null);
  return { path, data, problems: [], loading: path !== null && data === null };
}
