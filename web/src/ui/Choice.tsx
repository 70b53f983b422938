import { Field } from "./Field";

/** A value of a choice and what a reader calls it. */
export type Option<V extends string> = readonly [value: V, words: string];

/** A labelled list to choose one of; an empty value stands for "any". */
export function Choice<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: readonly Option<V>[];
  onChange: (value: V) => void;
}) {
  return (
    <Field label={label}>
      {(wiring) => (
        <select {...wiring} className="select" value={value} onChange={(event) => onChange(event.target.value as V)}>
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A labelled field to search by. */
export function Search({
  label,
  value,
  like,
  onChange,
}: {
  label: string;
  value: string;
  like: string;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
          type="search"
          placeholder={`e.g. ${like}`}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
