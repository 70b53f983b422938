/** One entry of a case in words, and its problems. */
import type { Arm, CaseDoc, Entry, Problem } from "../../api/types";
import { hoursOf } from "../../state/quantity";
import { dayTime, plural, span } from "../../ui/format";

/** `60 mg oral, every 24 h, 21 days` */
export function saidOf(entry: Entry): string {
  const parts = [[entry.dose, entry.route].filter(Boolean).join(" ")];
  const start = hoursOf(entry.start);
  const every = hoursOf(entry.every);
  if (entry.doses) parts.push(plural(entry.doses.length, "dose"));
  else if (entry.times)
    parts.push(`at ${entry.times.join(", ")}`, entry.days ? `days ${Array.isArray(entry.days) ? entry.days.join(", ") : entry.days}` : "");
  else if (entry.every)
    parts.push(
      `every ${entry.every}`,
      every && entry.count ? `for ${span(every * entry.count)}` : entry.until ? `until ${entry.until}` : "",
    );
  else parts.push("once");
  if (start) parts.push(`from ${dayTime(start)}`);
  if (entry.fed) parts.push("with food");
  if (entry.missed?.length) parts.push(`${plural(entry.missed.length, "dose")} skipped`);
  return entry.dose || entry.doses ? parts.filter(Boolean).join(", ") : "";
}

/** The problems of an entry, those of its steady state among them. */
export function problemsAt(problems: readonly Problem[], doc: CaseDoc, arm: Arm, index: number): Problem[] {
  const here = `${arm}[${index}]`;
  const drug = doc[arm]?.[index]?.drug;
  return problems.filter(({ path }) => {
    if (path === here || path.startsWith(`${here}.`)) return true;
    const steady = /^steady_state\[(\d+)\]/.exec(path);
    return arm === "regimen" && steady !== null && doc.steady_state?.[Number(steady[1])] === drug;
  });
}

/** The message at one field of an entry. */
export function problemOf(problems: readonly Problem[], field: string): string | undefined {
  return problems.find(({ path }) => path.endsWith(`.${field}`))?.message;
}
