import type { ReactNode } from "react";
import { openDrawer } from "../state/drawer";

/** A number that opens what it rests on in the drawer. `name` says whose evidence. */
export function EvidenceNumber({
  name,
  title,
  body,
  children,
}: {
  name: string;
  title: string;
  body: () => ReactNode;
  children: ReactNode;
}) {
  return (
    <button type="button" className="evidence-button" title="Show what this rests on" onClick={() => openDrawer(title, body())}>
      {children}
      <span className="sr-only">, {name}: show the evidence</span>
    </button>
  );
}
