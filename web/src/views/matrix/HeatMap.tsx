import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTheme } from "../../state/theme";
import { draw, type Palette, type Spot } from "./draw";
import type { Grid, Square } from "./grid";
import { hit, layOut } from "./layout";
import { moved } from "./moves";
import { STEPS } from "./scale";

type Props = {
  grid: Grid;
  square: number;
  room: number;
  grouped: boolean;
  name: string;
  spot: Spot | null;
  describedBy: string;
  onSpot: (spot: Spot | null) => void;
  onPick: (square: Square) => void;
};

/** The heat map: one canvas, as large as its window, that stays in place while the window scrolls over the squares. */
export function HeatMap({ grid, square, room, grouped, name, spot, describedBy, onSpot, onPick }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const swatches = useRef<HTMLSpanElement>(null);
  const scheme = useScheme();
  const layout = layOut(grid, square, room);
  const tallest = Math.max(320, Math.min(layout.height, Math.round(window.innerHeight * 0.78)));
  const [width, height] = [Math.min(room, layout.width), Math.min(layout.height, tallest)];

  const paint = useCallback(() => {
    const [box, target] = [scroller.current, canvas.current];
    const ctx = target?.getContext("2d");
    if (!box || !target || !ctx || !swatches.current) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (target.width !== w || target.height !== h) [target.width, target.height] = [w, h];
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(ctx, grid, layout, { x: box.scrollLeft, y: box.scrollTop, width, height }, spot, palette(swatches.current), grouped);
  }, [grid, layout, width, height, spot, grouped]);
  useLayoutEffect(paint, [paint, scheme]);

  useEffect(() => {
    const box = scroller.current;
    if (!spot || !box || !box.matches(":focus-visible")) return;
    const [x, y] = [spot.c * square, spot.r * square];
    const [w, h] = [width - layout.left - square, height - layout.top - square];
    box.scrollTo({ left: Math.min(x, Math.max(box.scrollLeft, x - w)), top: Math.min(y, Math.max(box.scrollTop, y - h)) });
  }, [spot, square, width, height, layout.left, layout.top]);

  const under = (event: PointerEvent | React.MouseEvent): Spot | null => {
    const [box, target] = [scroller.current, canvas.current];
    if (!box || !target) return null;
    const at = target.getBoundingClientRect();
    return hit(layout, grid, event.clientX - at.left, event.clientY - at.top, { x: box.scrollLeft, y: box.scrollTop });
  };
  const pick = (at: Spot | null) => {
    const found = at && grid.at(at.r, at.c);
    if (found) onPick(found);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick(spot);
      return;
    }
    const next = moved(grid, spot, event.key, event.ctrlKey || event.metaKey || event.shiftKey);
    if (!next) return;
    event.preventDefault();
    onSpot(next);
  };

  return (
    <div
      ref={scroller}
      className="map-window"
      tabIndex={0}
      role="application"
      aria-roledescription="heat map"
      aria-label={name}
      aria-describedby={describedBy}
      style={{ height, width }}
      onScroll={paint}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        if (event.pointerType === "mouse") onSpot(under(event));
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === "mouse") onSpot(null);
      }}
      onClick={(event) => {
        const at = under(event);
        onSpot(at);
        pick(at);
      }}
    >
      <div style={{ width: layout.width, height: layout.height }}>
        <canvas ref={canvas} style={{ width, height }} />
      </div>
      <span ref={swatches} className="map-swatches" aria-hidden="true">
        {STEPS.map((step) => (
          <i key={step.name} className={step.name} />
        ))}
        <i className="ink" />
        <i className="soft" />
        <i className="line" />
        <i className="paper" />
        <i className="ground" />
        <i className="focus" />
      </span>
    </div>
  );
}

/** The colours of the theme in force, as the browser resolves them. */
function palette(box: HTMLElement): Palette {
  const colours = [...box.children].map((item) => getComputedStyle(item).backgroundColor);
  const [ink = "", soft = "", line = "", paper = "", ground = "", focus = ""] = colours.slice(STEPS.length);
  return { steps: colours.slice(0, STEPS.length), ink, soft, line, paper, ground, focus, font: getComputedStyle(box).fontFamily };
}

/** Changes whenever the theme does, by hand or by the system. */
function useScheme(): string {
  const theme = useTheme();
  const [dark, setDark] = useState(false);
  useEffect(() => {
    const query = window.matchMedia("(prefers-color-scheme: dark)");
    const say = () => setDark(query.matches);
    say();
    query.addEventListener("change", say);
    return () => query.removeEventListener("change", say);
  }, []);
  return `${theme} ${dark}`;
}
