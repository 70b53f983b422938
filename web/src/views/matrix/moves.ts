/** Keyboard moves on the map: by one square, or with a modifier to the next square that has a change. */
import type { Spot } from "./draw";
import type { Grid } from "./grid";

const STEP: Record<string, [dr: number, dc: number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const PAGE = 10;

/** Where a key leads from `spot`; null for keys that mean nothing here. */
export function moved(grid: Grid, spot: Spot | null, key: string, jump: boolean): Spot | null {
  const [rows, columns] = [grid.acting.length, grid.affected.length];
  const within = (r: number, c: number): Spot => ({ r: Math.max(0, Math.min(rows - 1, r)), c: Math.max(0, Math.min(columns - 1, c)) });
  const step = STEP[key];
  if (step && !spot) return within(0, 0);
  const { r, c } = spot ?? { r: 0, c: 0 };
  if (step) return jump ? (next(grid, r, c, step) ?? within(r, c)) : within(r + step[0], c + step[1]);
  switch (key) {
    case "Home":
      return jump ? within(0, 0) : within(r, 0);
    case "End":
      return jump ? within(rows - 1, columns - 1) : within(r, columns - 1);
    case "PageUp":
      return within(r - PAGE, c);
    case "PageDown":
      return within(r + PAGE, c);
    default:
      return null;
  }
}

function next(grid: Grid, r: number, c: number, [dr, dc]: [number, number]): Spot | null {
  for (let [y, x] = [r + dr, c + dc]; y >= 0 && x >= 0 && y < grid.acting.length && x < grid.affected.length; y += dr, x += dc) {
    if (grid.at(y, x)) return { r: y, c: x };
  }
  return null;
}
