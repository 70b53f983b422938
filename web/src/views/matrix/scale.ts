/** Steps of the colour scale: orange where the exposure rises, blue where it falls, by size of the change. */
export const CUTS = [1.25, 2, 5, 10] as const;

/** `name` is the CSS class of the swatch. */
export type Step = { name: string; text: string };

const step = (direction: "rise" | "fall", i: number): Step => {
  const times = (cut: number) => (direction === "rise" ? `${cut}` : `1/${cut}`);
  const [from, to] = [CUTS[i] ?? 0, CUTS[i + 1]];
  return { name: `${direction}-${i + 1}`, text: to === undefined ? `× ${times(from)} and beyond` : `× ${times(from)} to ${times(to)}` };
};

/** The eight steps, strongest fall to strongest rise. */
export const STEPS: Step[] = [...CUTS.map((_, i) => step("fall", i)).reverse(), ...CUTS.map((_, i) => step("rise", i))];

/** Place of a ratio in STEPS, −1 below the smallest cut. */
export function stepOf(ratio: number): number {
  const change = fold(ratio);
  const i = CUTS.findLastIndex((cut) => change >= cut - 1e-9);
  return i < 0 ? -1 : ratio > 1 ? CUTS.length + i : CUTS.length - 1 - i;
}

/** "falls, moderate": the screen's classes, weak from 1.25-fold, moderate from 2, strong from 5. */
export function inWords(ratio: number): string {
  const change = fold(ratio);
  if (change < 1.25 - 1e-9) return "changes less than 1.25-fold";
  return `${ratio > 1 ? "rises" : "falls"}, ${change >= 5 ? "strong" : change >= 2 ? "moderate" : "weak"}`;
}

const fold = (ratio: number) => (ratio > 0 ? Math.max(ratio, 1 / ratio) : Infinity);
