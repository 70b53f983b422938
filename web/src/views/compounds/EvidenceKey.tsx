import { EVIDENCE, Tag } from "../../ui/Tag";

/** The kinds of evidence, strongest first, in the colours of the bars. */
export function EvidenceKey() {
  return (
    <ul className="evidence-key" aria-label="Kinds of evidence, strongest first">
      {EVIDENCE.map((kind) => (
        <li key={kind}>
          <Tag kind={kind} />
        </li>
      ))}
    </ul>
  );
}
