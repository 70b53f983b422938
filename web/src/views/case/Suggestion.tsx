import { useEffect, useRef, type ReactNode } from "react";
import { matchIn, type Found } from "../../state/search";

const KIND = { name: "", brand: "brand", synonym: "also called", id: "in the library", class: "class", part: "contains" };

/** One drug found, with what matched and the usual dose. */
export function Suggestion({
  id,
  found,
  query,
  active,
  onPick,
  onPoint,
}: {
  id: string;
  found: Found;
  query: string;
  active: boolean;
  onPick: () => void;
  onPoint: () => void;
}) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const { drug, by } = found;
  return (
    <li ref={row} id={id} role="option" aria-selected={active} className="suggestion" onClick={onPick} onPointerMove={onPoint}>
      <span className="name">{by.kind === "name" ? mark(drug.label, query) : drug.label}</span>
      <span className="why">
        {by.kind !== "name" && (
          <>
            {KIND[by.kind]} {mark(by.text, query)} ·{" "}
          </>
        )}
        {by.kind === "class" ? drug.kind : drug.classes.slice(0, 2).join(", ") || drug.kind}
      </span>
      <span className="usual">{drug.usual ? `${drug.usual.dose} ${drug.usual.route}` : "no usual dose"}</span>
    </li>
  );
}

function mark(text: string, query: string): ReactNode {
  const at = matchIn(text, query);
  return at ? (
    <>
      {text.slice(0, at[0])}
      <mark>{text.slice(...at)}</mark>
      {text.slice(at[1])}
    </>
  ) : (
    text
  );
}
