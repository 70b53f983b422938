/** Geometry of the map: margins for names, one size for all squares, and what of it is in sight. */
import type { Grid, Line } from "./grid";

export type Layout = { left: number; top: number; square: number; width: number; height: number; named: boolean };

export const SIZES = [4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28] as const;
const NAMED = 12; // from this size on every line has room for its name

/** The largest size at which all columns fit into `room` px, but not below 4. */
export function fitting(grid: Grid, room: number): number {
  const fits = SIZES.filter((s) => margins(s, room).left + s * grid.affected.length <= room);
  return fits.at(-1) ?? SIZES[0];
}

export function layOut(grid: Grid, square: number, room: number): Layout {
  const { left, top } = margins(square, room);
  return {
    left,
    top,
    square,
    width: left + grid.affected.length * square,
    height: top + grid.acting.length * square,
    named: square >= NAMED,
  };
}

/** Square under a point of the view, or null outside the squares. */
export function hit(layout: Layout, grid: Grid, x: number, y: number, scroll: { x: number; y: number }): { r: number; c: number } | null {
  if (x < layout.left || y < layout.top) return null;
  const c = Math.floor((x - layout.left + scroll.x) / layout.square);
  const r = Math.floor((y - layout.top + scroll.y) / layout.square);
  return r < grid.acting.length && c < grid.affected.length ? { r, c } : null;
}

/** Runs of lines of one group: [from, to). */
export function runs(lines: Line[]): { group: string; from: number; to: number }[] {
  const found: { group: string; from: number; to: number }[] = [];
  lines.forEach((line, i) => {
    const last = found.at(-1);
    if (last?.group === line.group) last.to = i + 1;
    else found.push({ group: line.group, from: i, to: i + 1 });
  });
  return found;
}

/** A name short enough for a margin: without salts and explanations in brackets. */
export function brief(label: string): string {
  return label.replace(/ \([^)]*\)$/, "").replace(/ (hydrochloride|sodium)$/, "");
}

function margins(square: number, room: number): { left: number; top: number } {
  const narrow = room < 600;
  return square >= NAMED ? { left: narrow ? 104 : 168, top: narrow ? 104 : 150 } : { left: narrow ? 84 : 150, top: narrow ? 84 : 128 };
}
