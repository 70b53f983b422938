import { EVIDENCE, EvidenceMark, evidenceClass } from "../../ui/Tag";

/** What the signs in the pairs mean. */
export function PairsKey() {
  return (
    <ul className="key" aria-label="Key of the pairs">
      <li>
        <i className="swatch rise strong" />↑ rises
      </li>
      <li>
        <i className="swatch fall strong" />↓ falls
      </li>
      <li className="group">
        weakest evidence:{" "}
        {EVIDENCE.map((kind) => (
          <span key={kind} className={`mark ${evidenceClass(kind)}`}>
            <EvidenceMark kind={kind} />
            {kind}
          </span>
        ))}
      </li>
      <li>
        <i className="n-studies">2</i>studies of the pair
      </li>
      <li>
        <i className="no-study" />
        no study exists
      </li>
    </ul>
  );
}
