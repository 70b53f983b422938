import { useLayoutEffect, useMemo } from "react";
import type { CompoundCard } from "../../api/types";
import { useStart } from "../../state/start";
import { makeStore } from "../../state/store";
import { plural } from "../../ui/format";
import { EvidenceKey } from "./EvidenceKey";
import { Filters } from "./Filters";
import { chosen, NO_FILTERS } from "./list";
import { ListRow } from "./ListRow";

const kept = makeStore(NO_FILTERS);

let place = 0;

/** All compounds of the library; the way back from a card leads to the same place in it. */
export function List({ cards }: { cards: CompoundCard[] }) {
  const filters = kept.use();
  const { drugs } = useStart();
  const synonyms = useMemo(() => new Map(drugs.map((drug) => [drug.id, drug.synonyms])), [drugs]);
  const shown = chosen(cards, filters, synonyms);
  useLayoutEffect(() => {
    scrollTo(0, place);
    return () => {
      place = scrollY;
    };
  }, []);
  return (
    <>
      <Filters cards={cards} filters={filters} onChange={kept.set} />
      <div className="row between">
        <p className="compound-count" role="status">
          <strong>{shown.length}</strong> of {plural(cards.length, "compound")}
        </p>
        <EvidenceKey />
      </div>
      {shown.length ? (
        <ul className="compound-list">
          {shown.map((card) => (
            <ListRow key={card.id} card={card} />
          ))}
        </ul>
      ) : (
        <p className="note">No compound passes these filters. Brands and synonyms are searched too.</p>
      )}
    </>
  );
}
