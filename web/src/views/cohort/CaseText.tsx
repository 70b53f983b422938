import type { CaseDoc, Entry } from "../../api/types";
import { useDrugs } from "../../state/start";
import { Facts } from "../../ui/Facts";

/** The case in short: what everybody takes, what is added, what is fixed in everybody. */
export function CaseText({ doc, anyone }: { doc: CaseDoc; anyone: boolean }) {
  const drugs = useDrugs();
  const list = (entries: Entry[] | undefined) =>
    entries?.length ? (
      <ul className="cohort-list">
        {entries.map((entry, i) => (
          <li key={i}>
            {drugs.get(entry.drug)?.label ?? entry.drug} <span className="soft">{taken(entry)}</span>
          </li>
        ))}
      </ul>
    ) : null;
  const fixed = Object.entries(doc.person ?? {}).filter(([name]) => name !== "genotype");
  const genes = Object.entries((doc.person?.["genotype"] ?? {}) as Record<string, string>);
  return (
    <Facts
      of={[
        ["In both arms", list(doc.regimen)],
        ["Added in the test arm", list(doc.compare)],
        [
          "The same in all",
          (anyone ? [] : [...fixed, ...genes]).map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`).join(", ") ||
            "nothing; everything differs between people",
        ],
      ]}
    />
  );
}

function taken(entry: Entry): string {
  const rhythm = entry.every ? `every ${entry.every}` : entry.times ? `at ${entry.times.join(", ")}` : "";
  const doses = entry.doses
    ? `${entry.doses.length} doses`
    : entry.count
      ? `${entry.count} ${entry.count === 1 ? "dose" : "doses"}`
      : entry.until
        ? `until ${entry.until}`
        : "";
  return [entry.dose, entry.route, rhythm, doses].filter(Boolean).join(", ");
}
