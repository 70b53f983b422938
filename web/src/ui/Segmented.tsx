import { useId } from "react";
import type { Option } from "./Choice";

/** A choice of a few, all in sight: radio buttons drawn as one bar. */
export function Segmented<T extends string>({
  name,
  value,
  options,
  onChange,
}: {
  name: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={name}>
      {options.map(([one, words]) => (
        <label key={one}>
          <input type="radio" name={id} checked={one === value} onChange={() => onChange(one)} />
          {words}
        </label>
      ))}
    </div>
  );
}

export type Axis = "linear" | "log";

/** The axes that a curve can be drawn on. */
export const AXES: readonly Option<Axis>[] = [
  ["linear", "linear"],
  ["log", "logarithmic"],
];
