import type { Reference } from "../../api/types";
import { ReferenceText } from "./ReferenceText";

/** All sources of the card. */
export function References({ references }: { references: Reference[] }) {
  if (!references.length) return null;
  return (
    <section className="card">
      <h2>Sources</h2>
      <ol className="references">
        {references.map((one) => (
          <li key={one.key}>
            <ReferenceText reference={one} />
          </li>
        ))}
      </ol>
    </section>
  );
}
