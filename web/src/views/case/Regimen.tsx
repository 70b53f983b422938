import type { Arm, Problem } from "../../api/types";
import { useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { entriesOf } from "../../state/edits";
import { Problems } from "../../ui/Message";
import { EntryRow } from "./EntryRow";

const LISTS: { arm: Arm; title: string; say: string; none: string }[] = [
  { arm: "regimen", title: "Takes", say: "taken in both arms", none: "Nothing yet. At least one drug belongs here." },
  { arm: "compare", title: "Starts", say: "added in the second arm", none: "Nothing is added: the answer describes what is taken." },
];

/** The two lists: what is taken anyway, and what is added. */
export function Regimen() {
  const doc = useCase();
  const { problems, warnings } = useChecked();
  return (
    <section className="card lists" aria-label="Regimen">
      {LISTS.map(({ arm, title, say, none }) => (
        <div key={arm} className={`list ${arm}`}>
          <h2 id={`list-${arm}`}>
            <ArmMark arm={arm} />
            {title} <span className="soft">{say}</span>
          </h2>
          {entriesOf(doc, arm).length ? (
            <ul className="entries" aria-labelledby={`list-${arm}`}>
              {entriesOf(doc, arm).map((entry, index) => (
                <EntryRow key={`${entry.drug}-${index}`} arm={arm} index={index} entry={entry} />
              ))}
            </ul>
          ) : (
            <p className="say none">{none}</p>
          )}
        </div>
      ))}
      <Problems problems={problems.filter(unplaced)} />
      {warnings.length > 0 && (
        <ul className="warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A list's own mark, by shape and colour: a disc is taken, a diamond is added. */
export function ArmMark({ arm }: { arm: Arm }) {
  return (
    <svg className={`arm-mark ${arm}`} viewBox="0 0 12 12" aria-hidden="true">
      {arm === "regimen" ? <circle cx="6" cy="6" r="4.5" /> : <path d="M6 .8 11.2 6 6 11.2 .8 6z" />}
    </svg>
  );
}

/** Problems that no field of the page shows itself. */
function unplaced({ path }: Problem): boolean {
  return !/^(regimen|compare)\[\d+\]|^person\b|^steady_state\[/.test(path);
}
