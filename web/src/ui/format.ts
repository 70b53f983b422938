/** Numbers and times in words: two to three significant digits, no more than the model can know. */

/** `digits` significant digits without an exponent where a reader does not need one. */
export function sig(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1).replace("e+", "e");
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: places, useGrouping: size >= 10_000 });
}

/** A ratio as in the sentences of the answer: 0.45, 1.00, 2.31, 14.2, 120. */
export function ratioText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value >= 1000) return value.toLocaleString("en-GB", { maximumFractionDigits: 0 });
  if (value >= 10) return value.toFixed(value >= 100 ? 0 : 1);
  return value >= 0.1 ? value.toFixed(2) : sig(value, 2);
}

export type Way = "rise" | "fall" | "none";

/** The direction of a ratio; within 1.25-fold (0.8–1.25) counts as no change, as in bioequivalence. */
export function way(ratio: number): Way {
  return ratio >= 1.25 ? "rise" : ratio <= 0.8 ? "fall" : "none";
}

export const ARROW: Record<Way, string> = { rise: "↑", fall: "↓", none: "→" };
export const WAY_WORD: Record<Way, string> = { rise: "rises", fall: "falls", none: "hardly changes" };

/** Hours as day and time of day: `day 15, 08:00`. Day 1 begins at 0 h. */
export function dayTime(hours: number): string {
  const minutes = Math.round(hours * 60);
  const day = Math.floor(minutes / 1440);
  const rest = minutes - day * 1440;
  const two = (n: number) => String(n).padStart(2, "0");
  return `day ${day + 1}, ${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

/** A span in the unit that reads best. */
export function span(hours: number): string {
  if (hours < 1) return `${sig(hours * 60, 2)} min`;
  if (hours < 72) return `${sig(hours, 3)} h`;
  return `${sig(hours / 24, 3)} days`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

/** The first letter in capital, as for a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c" */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
