import { PAD } from "./Timeline";

/** Days above the rows; hours where there is room. */
export function TimelineAxis({ hours, scale }: { hours: number; scale: number }) {
  const day = 24 * scale;
  const step = [1, 2, 7, 14, 28].find((n) => n * day >= 26) ?? 56;
  const fine = [1, 3, 6, 12].find((n) => n * scale >= 30);
  const days = Array.from({ length: Math.ceil(hours / 24) }, (_, i) => i).filter((i) => i % step === 0);
  const ticks = fine ? Array.from({ length: Math.ceil(hours / fine) }, (_, i) => i * fine).filter((h) => h % 24 !== 0) : [];
  return (
    <svg
      className="tl-axis"
      width={Math.ceil(hours * scale) + 2 * PAD}
      height={fine ? 40 : 24}
      viewBox={`${-PAD} 0 ${Math.ceil(hours * scale) + 2 * PAD} ${fine ? 40 : 24}`}
      aria-hidden="true"
    >
      {days.map((i) => (
        <g key={i} transform={`translate(${i * day} 0)`}>
          <line y1="0" y2={fine ? 40 : 24} className="tl-day" />
          <text x="4" y="14">
            {i + 1}
          </text>
        </g>
      ))}
      {ticks.map((h) => (
        <text key={h} x={h * scale} y="34" textAnchor="middle" className="tl-hour">
          {h % 24}:00
        </text>
      ))}
    </svg>
  );
}
