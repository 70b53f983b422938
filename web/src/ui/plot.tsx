import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../state/theme";

/** `color` is the name of a CSS variable of tokens.css, such as `--test`. */
export type Curve = { label: string; values: (number | null)[]; color: string; dash?: number[]; width?: number };
/** `alpha` is how strongly the band covers what lies below it. */
export type Band = { label: string; low: number[]; high: number[]; color: string; alpha?: number };
export type Line = { label: string; value: number; color?: string };
export type PlotProps = {
  times: number[];
  curves: Curve[];
  bands?: Band[];
  lines?: Line[];
  window?: { start: number; end: number } | null;
  log?: boolean;
  range?: [number, number] | null;
  unit: string;
  height?: number;
  format: (value: number | null) => string;
  timeText?: (hours: number) => string;
  /** fixes the bottom of a linear axis, e.g. 0 */ floor?: number;
};

/** The canvas itself: uPlot in the page's colours, redrawn with size and theme. Times are hours; long axes are told in days. */
export default function Plot(props: PlotProps & { onPoint?: (index: number | null) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const { times, curves, bands, lines, window: shaded, log, range, height = 200, unit, floor } = props;
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(props, at), data(props), at);
    };
    draw();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const printing = matchMedia("print");
    dark.addEventListener("change", draw);
    printing.addEventListener("change", draw);
    const size = new ResizeObserver(() => {
      if (plot && at.clientWidth > 0 && at.clientWidth !== plot.width) plot.setSize({ width: at.clientWidth, height });
    });
    size.observe(at);
    return () => {
      dark.removeEventListener("change", draw);
      printing.removeEventListener("change", draw);
      size.disconnect();
      plot?.destroy();
    };
    // props.format and onPoint are functions of the same meaning at every render
  }, [times, curves, bands, lines, shaded?.start, shaded?.end, log, range?.[0], range?.[1], height, unit, floor, theme]);
  return <div className="plot" ref={box} />;
}

function data({ times, curves, bands = [], log }: PlotProps): uPlot.AlignedData {
  const clean = (values: (number | null)[]) => (log ? values.map((value) => (value !== null && value > 0 ? value : null)) : values);
  return [
    times,
    ...bands.flatMap((band) => [clean(band.high), clean(band.low)]),
    ...curves.map((curve) => clean(curve.values)),
  ] as uPlot.AlignedData;
}

function options(props: PlotProps & { onPoint?: (index: number | null) => void }, at: HTMLElement): uPlot.Options {
  const { times, curves, bands = [], lines = [], log, range, height = 200, unit, format } = props;
  const [from, to] = range ?? [times[0] ?? 0, times.at(-1) ?? 1];
  const inDays = to - from > 60;
  const ink = color(at, "--soft");
  const grid = { stroke: color(at, "--line"), width: 1 };
  const font = `12px ${getComputedStyle(at).fontFamily}`;
  return {
    width: at.clientWidth || 300,
    height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { time: false, min: from, max: to }, y: { distr: log ? 3 : 1, range: (_, low, high) => yRange(props, low, high) } },
    axes: [
      {
        stroke: ink,
        grid,
        ticks: grid,
        font,
        labelFont: font,
        label: inDays ? "day" : "hours",
        labelSize: 18,
        size: 26,
        splits: inDays ? (_, __, low, high) => daySplits(low, high, at.clientWidth) : undefined,
        values: (_, splits) =>
          splits.map((h) => (inDays ? String(Math.round(h / 24) + 1) : String(Math.round((h - (range ? from : 0)) * 10) / 10))),
      },
      {
        stroke: ink,
        grid,
        ticks: grid,
        font,
        size: wide,
        labelFont: font,
        label: unit,
        labelSize: 18,
        values: (_, splits) => splits.map((v) => (v === null ? "" : format(v))),
        filter: log ? sparse : undefined,
      },
    ],
    bands: bands.map((band, i) => ({ series: [2 * i + 1, 2 * i + 2], fill: faint(color(at, band.color), band.alpha ?? 0.22) })),
    series: [
      {},
      ...bands.flatMap(() => [
        { show: true, width: 0, points: { show: false } },
        { show: true, width: 0, points: { show: false } },
      ]),
      ...curves.map((curve) => ({
        label: curve.label,
        stroke: color(at, curve.color),
        width: curve.width ?? 2,
        dash: curve.dash,
        points: { show: false },
        spanGaps: true,
      })),
    ],
    hooks: {
      drawClear: [(plot) => shade(plot, props, at)],
      draw: [(plot) => rule(plot, lines, at, font)],
      setCursor: [(plot) => props.onPoint?.(plot.cursor.idx ?? null)],
    },
  };
}

/** Room for the curves and for thresholds; a logarithmic axis spans at most four decades below its top. */
function yRange({ lines = [], log, floor }: PlotProps, low: number | null, high: number | null): [number, number] {
  const top = Math.max(high ?? 1, ...lines.map((line) => line.value)) || 1;
  if (!log) return [floor ?? Math.min(0, low ?? 0), top * 1.06];
  const bottom = Math.max(Math.min(low ?? top / 10, ...lines.map((line) => line.value)), top / 1e4);
  return [10 ** Math.floor(Math.log10(bottom)), 10 ** Math.ceil(Math.log10(top * 1.02))];
}

/** On a logarithmic axis only the powers of ten are named. */
function sparse(_: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-6 ? value : null));
}

function daySplits(low: number, high: number, width: number): number[] {
  const days = (high - low) / 24;
  const step = [1, 2, 7, 14, 28, 56].find((n) => days / n <= Math.max(4, width / 44)) ?? 112;
  const splits: number[] = [];
  for (let day = Math.ceil(low / 24); day * 24 <= high + 1e-9; day += 1) if (day % step === 0) splits.push(day * 24);
  return splits;
}

function shade(plot: uPlot, { window: shaded, range }: PlotProps, at: HTMLElement): void {
  if (!shaded || range) return;
  const [left, right] = [plot.valToPos(shaded.start, "x", true), plot.valToPos(shaded.end, "x", true)];
  plot.ctx.fillStyle = color(at, "--test-shade");
  plot.ctx.fillRect(left, plot.bbox.top, Math.max(2, right - left), plot.bbox.height);
}

function rule(plot: uPlot, lines: Line[], at: HTMLElement, font: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const line of lines) {
    const y = plot.valToPos(line.value, "y", true);
    ctx.strokeStyle = ctx.fillStyle = color(at, line.color ?? "--ink");
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = font.replace("12px", `${11 * devicePixelRatio}px`);
    ctx.textAlign = "right";
    ctx.fillText(line.label, bbox.left + bbox.width - 4 * devicePixelRatio, y - 4 * devicePixelRatio);
  }
  ctx.restore();
}

/** A token as the browser resolves it here and now: light-dark() included. */
function color(at: HTMLElement, name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  at.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function faint(rgb: string, alpha: number): string {
  return rgb.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}

/** Pixels for the numbers of the axis: as many as its longest one needs, so that no number lies on the unit. */
function wide(_: uPlot, values: string[] | null): number {
  return Math.max(52, ...(values ?? []).map((text) => 26 + 7.2 * text.length));
}
