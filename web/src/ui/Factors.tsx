import type { ReactNode } from "react";
import type { Factor } from "../api/types";
import { ratioText } from "./format";
import { left, LogAxis, logScale, LogStrip } from "./LogStrip";

const SILENT = 0.005; // a factor that would read × 1.00

/** The mechanisms of a change as a waterfall on a log axis: each factor begins where the one before ended. `wrap` makes a number open its evidence. */
export function Factors({
  factors: all,
  total,
  wrap = (number) => number,
}: {
  factors: Factor[];
  total: number;
  wrap?: (number: ReactNode, factor: Factor | null) => ReactNode;
}) {
  const factors = all.filter(({ factor }) => Math.abs(Math.log(factor)) > SILENT);
  const ends = factors.reduce<number[]>((all, { factor }) => [...all, (all.at(-1) ?? 1) * factor], []);
  const scale = logScale([total, ...ends]);
  return (
    <div className="strips factors">
      {factors.map((factor, i) => (
        <Bar
          key={factor.mechanism}
          name={factor.mechanism}
          kind={kindOf(factor.mechanism)}
          from={ends[i - 1] ?? 1}
          to={ends[i]!}
          scale={scale}
          number={wrap(<>× {ratioText(factor.factor)}</>, factor)}
        />
      ))}
      <Bar name="together" kind="sum" from={1} to={total} scale={scale} number={wrap(<>× {ratioText(total)}</>, null)} />
      <div className="strip-row">
        <span />
        <LogAxis scale={scale} label="AUC ratio, log scale" />
        <span />
      </div>
    </div>
  );
}

function Bar({
  name,
  kind,
  from,
  to,
  scale,
  number,
}: {
  name: string;
  kind: string;
  from: number;
  to: number;
  scale: ReturnType<typeof logScale>;
  number: ReactNode;
}) {
  const [a, b] = [scale.at(Math.min(from, to)), scale.at(Math.max(from, to))];
  return (
    <div className="strip-row">
      <span className="strip-name">{name}</span>
      <LogStrip scale={scale}>
        <i className={`bar ${kind}`} style={{ left: left(a), width: `max(3px, ${left(b - a)})` }} />
      </LogStrip>
      <span className="strip-number">{number}</span>
    </div>
  );
}

/** The class of a mechanism, which is its colour: induction, inactivation, inhibition, rest. */
export function kindOf(mechanism: string): string {
  return ["induction", "inactivation", "inhibition"].find((kind) => mechanism.includes(kind)) ?? "rest";
}
