/** Draws the part of the map that is in sight: squares below, frozen margins with names above them. */
import { RATIO, STUDIES, type Grid } from "./grid";
import { brief, runs, type Layout } from "./layout";
import { stepOf } from "./scale";

export type Palette = {
  steps: string[];
  ink: string;
  soft: string;
  line: string;
  paper: string;
  ground: string;
  focus: string;
  font: string;
};
export type Spot = { r: number; c: number };

export function draw(
  ctx: CanvasRenderingContext2D,
  grid: Grid,
  layout: Layout,
  view: { x: number; y: number; width: number; height: number },
  spot: Spot | null,
  palette: Palette,
  grouped: boolean,
): void {
  const { left, top, square } = layout;
  ctx.clearRect(0, 0, view.width, view.height);
  ctx.fillStyle = palette.ground;
  ctx.fillRect(left, top, Math.min(view.width, layout.width) - left, Math.min(view.height, layout.height) - top);
  const gap = square >= 8 ? 1 : 0;
  const [r0, r1] = [Math.floor(view.y / square), Math.min(grid.acting.length, Math.ceil((view.y + view.height - top) / square))];
  const [c0, c1] = [Math.floor(view.x / square), Math.min(grid.affected.length, Math.ceil((view.x + view.width - left) / square))];
  for (let r = r0; r < r1; r++) {
    for (let c = c0; c < c1; c++) {
      const found = grid.at(r, c);
      if (!found) continue;
      const [x, y] = [left + c * square - view.x, top + r * square - view.y];
      ctx.fillStyle = palette.steps[stepOf(found.row[RATIO])] ?? palette.soft;
      ctx.fillRect(x, y, square - gap, square - gap);
      if (square >= 10 && found.row[STUDIES] > 0) dot(ctx, x + (square - gap) / 2, y + (square - gap) / 2, square / 8 + 0.8, palette);
    }
  }
  if (spot) cross(ctx, layout, view, spot, palette);
  margins(ctx, grid, layout, view, spot, palette, grouped);
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, palette: Palette): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = palette.paper;
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.ink;
  ctx.stroke();
}

/** Thin lines through the square that is pointed at, and a frame around it. */
function cross(
  ctx: CanvasRenderingContext2D,
  { left, top, square, width, height }: Layout,
  view: { x: number; y: number },
  { r, c }: Spot,
  palette: Palette,
): void {
  const [x, y] = [left + c * square - view.x, top + r * square - view.y];
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.35;
  ctx.strokeRect(left - 0.5, y - 0.5, width - left, square);
  ctx.strokeRect(x - 0.5, top - 0.5, square, height - top);
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  ctx.strokeStyle = palette.focus;
  ctx.strokeRect(x - 1.5, y - 1.5, square + 2, square + 2);
}

function margins(...[ctx, grid, layout, view, spot, palette, grouped]: Parameters<typeof draw>): void {
  const { left, top, square, named } = layout;
  ctx.fillStyle = palette.paper;
  ctx.fillRect(0, 0, view.width, top);
  ctx.fillRect(0, 0, left, view.height);
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  const size = named ? Math.min(12, square - 1) : 11;
  const write = (text: string, along: "row" | "column", from: number, to: number, strong: boolean) => {
    const middle = (from + to) / 2;
    const [edge, room] = along === "row" ? [top, left - 8] : [left, top - 8];
    if (middle < edge || to - from < (strong ? 0 : size - 1)) return;
    ctx.save();
    ctx.font = `${strong ? "700 " : ""}${strong && !named ? 12 : size}px ${palette.font}`;
    if (along === "row") ctx.translate(left - 6, middle);
    else {
      ctx.translate(middle, top - 6);
      ctx.rotate(Math.PI / 2);
    }
    const shown = cut(ctx, text, room);
    if (strong) {
      const w = ctx.measureText(shown).width;
      ctx.fillStyle = palette.paper;
      const high = named ? square : 18;
      ctx.fillRect(-w - 4, -high / 2, w + 8, high);
    }
    ctx.fillStyle = strong ? palette.ink : palette.soft;
    ctx.fillText(shown, 0, 0);
    ctx.restore();
  };
  const rowAt = (i: number) => top + i * square - view.y;
  const columnAt = (i: number) => left + i * square - view.x;
  if (named) {
    grid.acting.forEach((line, i) => {
      if (rowAt(i) < view.height) write(brief(line.label), "row", rowAt(i), rowAt(i + 1), false);
    });
    grid.affected.forEach((line, i) => {
      if (columnAt(i) < view.width) write(brief(line.label), "column", columnAt(i), columnAt(i + 1), false);
    });
  } else if (grouped) {
    for (const run of runs(grid.acting))
      write(run.group, "row", Math.max(top, rowAt(run.from)), Math.min(view.height, rowAt(run.to)), false);
    for (const run of runs(grid.affected))
      write(run.group, "column", Math.max(left, columnAt(run.from)), Math.min(view.width, columnAt(run.to)), false);
  }
  if (grouped) ticks(ctx, grid, layout, view, palette);
  const [row, column] = spot ? [grid.acting[spot.r], grid.affected[spot.c]] : [];
  if (spot && row) write(brief(row.label), "row", rowAt(spot.r), rowAt(spot.r + 1), true);
  if (spot && column) write(brief(column.label), "column", columnAt(spot.c), columnAt(spot.c + 1), true);
  ctx.fillStyle = palette.paper;
  ctx.fillRect(0, 0, left, top);
  ctx.fillStyle = palette.soft;
  ctx.font = `11px ${palette.font}`;
  ctx.fillText("victim →", left - 8, top - 26);
  ctx.fillText("perpetrator ↓", left - 8, top - 10);
}

/** Marks in the margins where one class ends and the next begins. */
function ticks(
  ctx: CanvasRenderingContext2D,
  grid: Grid,
  { left, top, square, named }: Layout,
  view: { x: number; y: number },
  palette: Palette,
): void {
  const long = named ? Math.max(left, top) : 6;
  ctx.strokeStyle = palette.line;
  ctx.globalAlpha = named ? 0.35 : 1;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const { from } of runs(grid.acting)) {
    const y = Math.round(top + from * square - view.y) - 0.5;
    if (y >= top) {
      ctx.moveTo(left - long, y);
      ctx.lineTo(left, y);
    }
  }
  for (const { from } of runs(grid.affected)) {
    const x = Math.round(left + from * square - view.x) - 0.5;
    if (x >= left) {
      ctx.moveTo(x, top - long);
      ctx.lineTo(x, top);
    }
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function cut(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  let shown = text;
  while (shown.length > 1 && ctx.measureText(`${shown}…`).width > room) shown = shown.slice(0, -1);
  return `${shown.trimEnd()}…`;
}
