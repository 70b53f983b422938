import type { CompoundCard } from "../../api/types";
import { plural } from "../../ui/format";
import { EvidenceBar } from "./EvidenceBar";
import { acts, armsOf, cardHash, isMetabolite } from "./list";

/** One compound in the list. */
export function ListRow({ card }: { card: CompoundCard }) {
  const does = acts(card);
  const arms = armsOf(card);
  return (
    <li className="compound-row">
      <div>
        <a className="strong" href={cardHash(card.id)}>
          {card.label}
        </a>
        {isMetabolite(card) && <span className="tag metabolite">metabolite</span>}
        <p className="soft small">{card.classes.join(", ")}</p>
      </div>
      <EvidenceBar counts={card.evidence} />
      <div className="small">
        <p>
          <span className="soft">cleared by </span>
          {card.cleared_by.join(", ") || "not said"}
        </p>
        {does && (
          <p className="does">
            <span className="soft">acts: </span>
            {does}
          </p>
        )}
      </div>
      <div className="small soft">
        <p>{card.single.rows ? `${card.single.within} of ${plural(card.single.rows, "single-drug check")} met` : "no single-drug check"}</p>
        <p>{arms ? `${plural(arms, "study arm")} (${card.studies.victim} as victim)` : "no study arm"}</p>
      </div>
    </li>
  );
}
