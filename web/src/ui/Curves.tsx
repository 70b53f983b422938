import { lazy, Suspense, useState } from "react";
import type { Line, PlotProps } from "./plot";

const Plot = lazy(() => import("./plot")); // uPlot comes only where there is something to draw

export type { Band, Curve, Line, PlotProps } from "./plot";

/** Curves over time in a canvas, with a legend that shows line styles and, under the pointer, values; and the same as a table. */
export function Curves(props: PlotProps & { name: string }) {
  const { name, height = 200, times, curves, lines = [], bands = [] } = props;
  const [at, setAt] = useState<number | null>(null);
  const here = at === null ? null : (props.timeText?.(times[at]!) ?? `${times[at]!.toFixed(1)} h`);
  return (
    <figure className="curves" aria-label={name}>
      <ul className="legend" aria-label="Legend">
        {curves.map((curve) => (
          <li key={curve.label}>
            <Stroke color={curve.color} dash={curve.dash} width={curve.width ?? 2} />
            {curve.label}
            {at !== null && <span className="value">{props.format(curve.values[at] ?? null)}</span>}
          </li>
        ))}
        {bands.map((band) => (
          <li key={band.label}>
            <Shade color={band.color} alpha={band.alpha} />
            {band.label}
          </li>
        ))}
        {lines.map((line) => (
          <li key={line.label}>
            <Stroke color={line.color ?? "--ink"} dash={[2, 3]} width={1.5} />
            {line.label}
          </li>
        ))}
        {here && <li className="value">{here}</li>}
      </ul>
      <div role="img" aria-label={`${name}. ${summary(props)}`} style={{ minHeight: height }}>
        <Suspense fallback={null}>
          <Plot {...props} onPoint={setAt} />
        </Suspense>
      </div>
    </figure>
  );
}

/** Least and greatest of each curve, in words. */
function summary({ curves, lines = [], format, unit }: PlotProps): string {
  const told = curves.map((curve) => {
    const values = curve.values.filter((value): value is number => value !== null && Number.isFinite(value));
    return `${curve.label}: ${format(values.reduce((a, b) => Math.min(a, b), Infinity))} to ${format(values.reduce((a, b) => Math.max(a, b), -Infinity))} ${unit}`;
  });
  return [...told, ...lines.map((line: Line) => `${line.label}: ${format(line.value)} ${unit}`)].join(". ");
}

function Stroke({ color, dash, width }: { color: string; dash?: number[]; width: number }) {
  return (
    <svg viewBox="0 0 28 10" aria-hidden="true">
      <path d="M0 5H28" fill="none" style={{ stroke: `var(${color})` }} strokeWidth={width} strokeDasharray={dash?.join(" ")} />
    </svg>
  );
}

function Shade({ color, alpha = 0.25 }: { color: string; alpha?: number }) {
  return (
    <svg viewBox="0 0 28 10" aria-hidden="true">
      <rect width="28" height="10" style={{ fill: `var(${color})` }} opacity={alpha} />
    </svg>
  );
}
