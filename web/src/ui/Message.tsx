import type { Problem } from "../api/types";

export function Loading({ children = "Loading…" }: { children?: string }) {
  return (
    <div className="loading" role="status">
      <span className="spin" aria-hidden="true" />
      {children}
    </div>
  );
}

/** What is wrong, one line each, with its place in the case. */
export function Problems({ problems }: { problems: Problem[] }) {
  if (!problems.length) return null;
  return (
    <ul className="problems" role="alert">
      {problems.map((problem, i) => (
        <li key={i}>
          {problem.path && <code>{problem.path}: </code>}
          {problem.message}
        </li>
      ))}
    </ul>
  );
}

/** A progress bar with its words. */
export function ProgressBar({ label, done, of }: { label: string; done: number; of: number }) {
  const share = of > 0 ? Math.min(1, done / of) : 0;
  return (
    <div className="stack" style={{ gap: 5 }}>
      <span className="small">{label}</span>
      <div
        className="progress"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
