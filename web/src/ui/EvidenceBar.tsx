import { EVIDENCE, EvidenceMark, evidenceClass } from "./Tag";

/** How many values are of which kind of evidence, as one bar with its key. */
export function EvidenceBar({ counts }: { counts: Record<string, number> }) {
  const kinds = EVIDENCE.filter((kind) => (counts[kind] ?? 0) > 0);
  return (
    <div className="evidence-bar">
      <div className="bar" aria-hidden="true">
        {kinds.map((kind) => (
          <i key={kind} className={evidenceClass(kind)} style={{ flexGrow: counts[kind] }} />
        ))}
      </div>
      <ul className="legend">
        {kinds.map((kind) => (
          <li key={kind} className={evidenceClass(kind)}>
            <EvidenceMark kind={kind} />
            <b>{counts[kind]}</b> {kind}
          </li>
        ))}
      </ul>
    </div>
  );
}
