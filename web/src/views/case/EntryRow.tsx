import { useId, useState } from "react";
import type { Arm, Entry } from "../../api/types";
import { editCase, useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { isRepeated, isSteady, moveEntry, removeEntry } from "../../state/edits";
import { useDrugs } from "../../state/start";
import { Button } from "../../ui/Button";
import { EntryEditor } from "./EntryEditor";
import { problemsAt, saidOf } from "./entry";

/** One drug of a list: what is given, in a line; the editor below it on demand. */
export function EntryRow({ arm, index, entry }: { arm: Arm; index: number; entry: Entry }) {
  const doc = useCase();
  const drug = useDrugs().get(entry.drug);
  const { problems } = useChecked();
  const [open, setOpen] = useState(false);
  const id = useId();
  const label = drug?.label ?? entry.drug;
  const wrong = problemsAt(problems, doc, arm, index);
  const other = arm === "regimen" ? "Starts" : "Takes";
  const usual = drug?.usual && entry.dose === drug.usual.dose && (entry.every ?? null) === drug.usual.every;
  return (
    <li className={wrong.length ? "entry wrong" : "entry"}>
      <div className="entry-line">
        <button type="button" className="entry-open" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <span className="entry-name">{label}</span>
          <span className="entry-dose">
            {saidOf(entry) || "no dose yet"}
            {arm === "regimen" && isRepeated(entry) && isSteady(doc, entry.drug) && " · at steady state"}
            {usual && <span className="usual-mark"> · usual dose</span>}
          </span>
        </button>
        <Button
          kind="quiet"
          small
          icon="swap"
          title={`Move to ${other}`}
          label={`Move ${label} to ${other}`}
          onClick={() => editCase((before) => moveEntry(before, arm, index))}
        />
        <Button
          kind="quiet"
          small
          icon="close"
          title="Remove"
          label={`Remove ${label}`}
          onClick={() => editCase((before) => removeEntry(before, arm, index))}
        />
      </div>
      {!open &&
        wrong.map((problem) => (
          <p key={problem.path + problem.message} className="entry-problem">
            {problem.message}
          </p>
        ))}
      <div id={id} hidden={!open}>
        {open && <EntryEditor arm={arm} index={index} entry={entry} />}
      </div>
    </li>
  );
}
