import { ARROW, ratioText, WAY_WORD, way } from "./format";

/** A ratio with its direction as arrow and colour, and its interval where there is one. */
export function Ratio({ value, low, high }: { value: number | null; low?: number | null; high?: number | null }) {
  if (value === null) return <span className="ratio">–</span>;
  const to = way(value);
  return (
    <span className={`ratio ${to}`}>
      <span aria-hidden="true">{ARROW[to]} </span>
      <span className="sr-only">{WAY_WORD[to]} to </span>×{ratioText(value)}
      {low != null && high != null && (
        <span className="range">
          {" "}
          ({ratioText(low)}–{ratioText(high)})
        </span>
      )}
    </span>
  );
}
