import type { CompoundCard, Drug } from "../../api/types";
import { EvidenceKey } from "./EvidenceKey";
import { ListRow } from "./ListRow";

/** A product or racemate: the compounds that it is made of. */
export function Parts({ name, product, cards }: { name: string; product: Drug | undefined; cards: CompoundCard[] }) {
  const parts = cards.filter((card) => product?.parts.includes(card.id));
  return (
    <>
      <header>
        <p className="small">
          <a href="#/compounds">All compounds</a>
        </p>
        <h1>{product?.label ?? "Not in the library"}</h1>
        <p className="say">
          {parts.length
            ? `${product?.kind === "racemate" ? "A racemate: its halves have cards of their own." : "A product: its compounds have the cards."}`
            : `The library has no compound called “${name}”.`}
        </p>
      </header>
      {parts.length > 0 && (
        <>
          <EvidenceKey />
          <ul className="compound-list">
            {parts.map((card) => (
              <ListRow key={card.id} card={card} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}
