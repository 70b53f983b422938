import { useId, useMemo, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useWidth } from "../../ui/useWidth";
import { QUANTITY, type Point } from "./arms";
import { frameOf, xOf, yOf, type Frame } from "./axes";
import { Backdrop } from "./Backdrop";
import { Dots } from "./Dots";
import { Told } from "./Told";

const REACH = 18; // px from a point within which it is meant

type Props = { all: Point[]; shown: Point[]; open: string | null; onOpen: (point: Point) => void };

/** Predicted against observed on log scales; pointed at by mouse, finger or arrow keys. */
export function Scatter({ all, shown, open, onOpen }: Props) {
  const [box, room] = useWidth<HTMLDivElement>();
  const frame = useMemo(() => frameOf(all, Math.min(room, 680)), [all, room]);
  const [pointed, setPointed] = useState<Point | null>(null);
  const sorted = useMemo(() => [...shown].sort((a, b) => a.observed - b.observed || a.predicted - b.predicted), [shown]);
  const here = pointed && shown.includes(pointed) ? pointed : null;
  const help = useId();

  const under = (event: PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>): Point | null => {
    const at = event.currentTarget.getBoundingClientRect();
    return nearest(shown, frame, event.clientX - at.left, event.clientY - at.top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (event.key === "Enter" && here) onOpen(here);
    if (step === undefined || !sorted.length) return;
    event.preventDefault();
    const from = here ? sorted.indexOf(here) : step > 0 ? -1 : 0;
    setPointed(sorted[Math.max(0, Math.min(sorted.length - 1, from + step))] ?? null);
  };

  return (
    <div ref={box} className="scatter">
      <p className="told" role="status">
        {here ? (
          <Told point={here} />
        ) : (
          <span className="soft">Point at a study arm, or move through them with the arrow keys; Enter or a click opens the study.</span>
        )}
      </p>
      {room > 0 && (
        <div
          className="plot-window"
          tabIndex={0}
          role="application"
          aria-roledescription="scatter plot"
          aria-describedby={help}
          onKeyDown={onKeyDown}
          aria-label={`${shown.length} study arms, predicted against observed ratio`}
        >
          <svg
            width={frame.size}
            height={frame.size}
            aria-hidden="true"
            onPointerMove={(event) => {
              if (event.pointerType === "mouse") setPointed(under(event));
            }}
            onPointerLeave={() => setPointed(null)}
            onClick={(event) => {
              const point = under(event);
              setPointed(point);
              if (point) onOpen(point);
            }}
          >
            <Backdrop frame={frame} />
            <Dots points={shown} frame={frame} />
            {shown
              .filter((point) => point.id === open)
              .map((point) => (
                <Ring key={QUANTITY[point.quantity] + point.compound} point={point} frame={frame} name="open" />
              ))}
            {here && <Ring point={here} frame={frame} name="here" />}
          </svg>
        </div>
      )}
      <p id={help} className="sr-only">
        Arrow keys move through the arms by observed ratio, Enter opens the study. The table below lists the same arms.
      </p>
    </div>
  );
}

function Ring({ point, frame, name }: { point: Point; frame: Frame; name: string }) {
  return <circle className={`ring ${name}`} cx={xOf(frame, point.observed)} cy={yOf(frame, point.predicted)} r={9} />;
}

function nearest(points: Point[], frame: Frame, x: number, y: number): Point | null {
  let [best, least]: [Point | null, number] = [null, REACH];
  for (const point of points) {
    const distance = Math.hypot(xOf(frame, point.observed) - x, yOf(frame, point.predicted) - y);
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}
