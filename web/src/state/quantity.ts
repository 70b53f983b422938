/** Times of the case file as hours and back. */

const HOURS: Record<string, number> = {
  s: 1 / 3600,
  min: 1 / 60,
  h: 1,
  hour: 1,
  hours: 1,
  d: 24,
  day: 24,
  days: 24,
  week: 168,
  weeks: 168,
  wk: 168,
};

/** Hours of a text such as `24 h` or `2 days`; null where it is none. */
export function hoursOf(text: string | undefined): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text ?? "");
  const unit = found && HOURS[found[2]!.toLowerCase()];
  return found && unit ? Number(found[1]) * unit : null;
}

/** `336 h`; hundredths of an hour at most. */
export function hoursText(hours: number): string {
  return `${Math.round(hours * 100) / 100} h`;
}

/** The number and the unit of a quantity such as `73 kg`. */
export function splitQuantity(text: string | number | undefined): { value: string; unit: string } {
  const found = /^\s*([^\s]*?\d[\d.,]*)\s*(.*)$/.exec(String(text ?? ""));
  return found ? { value: found[1]!, unit: found[2]!.trim() } : { value: String(text ?? ""), unit: "" };
}
