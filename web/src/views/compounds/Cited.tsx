import type { Reference } from "../../api/types";
import { openDrawer } from "../../state/drawer";
import { ReferenceText } from "./ReferenceText";

/** A citation that opens the whole reference in the drawer. */
export function Cited({ source, citation, references }: { source: string; citation: string; references: Reference[] }) {
  const reference = references.find((one) => one.key === source);
  if (!reference) return <p>{citation || source}</p>;
  return (
    <p>
      <button type="button" className="evidence-button" onClick={() => openDrawer("Source", <ReferenceText reference={reference} />)}>
        {citation || source}
        <span className="sr-only">: show the source</span>
      </button>
    </p>
  );
}
