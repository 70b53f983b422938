import { memo, useId } from "react";
import { guest } from "./arms";
import { band, inner, ticks, xOf, yOf, type Frame } from "./axes";

/** Axes, the line of identity, and the three envelopes: 2-fold, Guest (delta 1) and 1.25-fold. */
export const Backdrop = memo(function Backdrop({ frame }: { frame: Frame }) {
  const clip = useId();
  const { width, height } = inner(frame);
  const [x0, y0] = [frame.left, frame.size - frame.bottom];
  const two = band(frame, () => 2);
  return (
    <>
      <clipPath id={clip}>
        <rect x={x0} y={frame.top} width={width} height={height} />
      </clipPath>
      <rect className="field-of-plot" x={x0} y={frame.top} width={width} height={height} />
      {ticks(frame).map((tick) => (
        <g key={tick} className={tick === 1 ? "tick one" : "tick"}>
          <line x1={xOf(frame, tick)} x2={xOf(frame, tick)} y1={frame.top} y2={y0} />
          <line x1={x0} x2={x0 + width} y1={yOf(frame, tick)} y2={yOf(frame, tick)} />
          <text x={xOf(frame, tick)} y={y0 + 16} textAnchor="middle">
            {tick}
          </text>
          <text x={x0 - 6} y={yOf(frame, tick)} textAnchor="end" dominantBaseline="central">
            {tick}
          </text>
        </g>
      ))}
      <g clipPath={`url(#${clip})`}>
        <path className="band-125" d={band(frame, () => 1.25).area} />
        <path className="edge-2" d={two.edges} />
        <path className="edge-guest" d={band(frame, guest).edges} />
        <line className="identity" x1={x0} y1={y0} x2={x0 + width} y2={frame.top} />
      </g>
      <text className="axis" x={x0 + width / 2} y={frame.size - 8} textAnchor="middle">
        observed ratio
      </text>
      <text className="axis" transform={`translate(12 ${frame.top + height / 2}) rotate(-90)`} textAnchor="middle">
        predicted ratio
      </text>
    </>
  );
});
