import { closeDrawer } from "../../state/drawer";

/** A drug's name that leads to its card. */
export function DrugLink({ drug }: { drug: { id: string; label: string } }) {
  return (
    <a href={`#/compounds/${encodeURIComponent(drug.id)}`} onClick={closeDrawer}>
      {drug.label}
    </a>
  );
}
