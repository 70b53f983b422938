import { memo } from "react";
import type { Point } from "./arms";
import { xOf, yOf, type Frame } from "./axes";

/** Filled circles: nothing was fitted. Open diamonds: fitted. Drawn again only when the selection or the frame changes. */
export const Dots = memo(function Dots({ points, frame }: { points: Point[]; frame: Frame }) {
  const ordered = [...points].sort((a, b) => Number(b.fitted) - Number(a.fitted)); // what was not fitted lies on top
  return (
    <g>
      {ordered.map((point, i) => {
        const [x, y] = [xOf(frame, point.observed), yOf(frame, point.predicted)];
        return point.fitted ? (
          <path key={i} className="dot fitted" d={`M${x},${y - 4.6}l4.6,4.6l-4.6,4.6l-4.6,-4.6z`} />
        ) : (
          <circle key={i} className="dot" cx={x} cy={y} r={3.8} />
        );
      })}
    </g>
  );
});
