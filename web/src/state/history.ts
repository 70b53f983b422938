/** Undo and redo over immutable documents. Edits that share a key (typing in one field, one drag) undo as one. */
export type History<T> = { past: T[]; present: T; future: T[]; key: string | null };

const LONGEST = 200;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], key: null };
}

export function push<T>(history: History<T>, next: T, key: string | null = null): History<T> {
  if (Object.is(next, history.present)) return history;
  const merged = key !== null && key === history.key;
  const past = merged ? history.past : [...history.past, history.present].slice(-LONGEST);
  return { past, present: next, future: [], key };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future], key: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: rest, key: null };
}
