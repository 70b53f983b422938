import type { Evidence } from "../api/types";

const SHORT: Record<Evidence, string> = {
  "measured in vivo": "vivo",
  "measured in vitro": "vitro",
  fitted: "fitted",
  computed: "computed",
  assumed: "assumed",
};

/** The kinds of evidence, strongest first. */
export const EVIDENCE: Evidence[] = ["measured in vivo", "measured in vitro", "fitted", "computed", "assumed"];

/** The class of a kind (`vivo`, `vitro`, `fitted`, `computed`, `assumed`); colours are `--<class>`, `--<class>-shade`, `--<class>-fill`. */
export function evidenceClass(kind: string): string {
  return SHORT[kind as Evidence] ?? "none";
}

/** The kind of evidence as shape and word: filled circle, ring, diamond, square, triangle. */
export function Tag({ kind, short }: { kind: string; short?: boolean }) {
  return (
    <span className={`tag ${evidenceClass(kind)}`} title={short ? kind : undefined}>
      <EvidenceMark kind={kind} />
      {short ? <span className="sr-only">{kind}</span> : kind}
    </span>
  );
}

export function EvidenceMark({ kind }: { kind: string }) {
  return (
    <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true" fill="currentColor" stroke="currentColor" strokeWidth="1.4">
      {kind === "measured in vivo" && <circle cx="5" cy="5" r="4" />}
      {kind === "measured in vitro" && <circle cx="5" cy="5" r="3.6" fill="none" strokeWidth="2" />}
      {kind === "fitted" && <path d="M5 .8 9.2 5 5 9.2 .8 5z" />}
      {kind === "computed" && <path d="M1.5 1.5h7v7h-7z" />}
      {kind === "assumed" && <path d="M5 1.2 9.2 8.8H.8z" fill="none" />}
    </svg>
  );
}
