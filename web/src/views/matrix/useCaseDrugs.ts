import { useMemo } from "react";
import type { Screen } from "../../api/types";
import { useCase } from "../../state/case";
import { useStart } from "../../state/start";

/** Whether a drug of the screen (by index) is in the case, by its own name, a brand, or as part of a product. */
export function useCaseDrugs(screen: Screen): (drug: number) => boolean {
  const doc = useCase();
  const { drugs } = useStart();
  return useMemo(() => {
    const wanted = new Set<string>();
    for (const { drug } of [...(doc.regimen ?? []), ...(doc.compare ?? [])]) {
      const name = drug.toLowerCase();
      wanted.add(name);
      for (const known of drugs) {
        if ([known.id, known.label, ...known.brands, ...known.synonyms].some((text) => text.toLowerCase() === name))
          [known.id, ...known.parts].forEach((id) => wanted.add(id));
      }
    }
    const found = screen.drugs.map((drug) => wanted.has(drug.id));
    return (drug: number) => found[drug] ?? false;
  }, [screen, doc, drugs]);
}
