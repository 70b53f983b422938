import type { Evidence } from "../../api/types";
import { EVIDENCE, evidenceClass } from "../../ui/Tag";

/** How many values of each kind, as one bar; the numbers stand in its name. */
export function EvidenceBar({ counts }: { counts: Record<Evidence, number> }) {
  const kinds = EVIDENCE.filter((kind) => counts[kind] > 0);
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  const name = `${total} values: ${kinds.map((kind) => `${counts[kind]} ${kind}`).join(", ")}`;
  return (
    <span className="evidence-counts" role="img" aria-label={name} title={name}>
      {kinds.map((kind) => (
        <i key={kind} className={evidenceClass(kind)} style={{ flexGrow: counts[kind] }}>
          {counts[kind]}
        </i>
      ))}
    </span>
  );
}
