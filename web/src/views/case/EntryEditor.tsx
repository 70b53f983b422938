import type { Arm, Entry } from "../../api/types";
import { editCase, useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { isSteady, updateEntry, withSteady } from "../../state/edits";
import { hoursOf } from "../../state/quantity";
import { useDrugs, useStart } from "../../state/start";
import { span } from "../../ui/format";
import { Field } from "../../ui/Field";
import { problemOf, problemsAt } from "./entry";

/** Every field of one entry. */
export function EntryEditor({ arm, index, entry }: { arm: Arm; index: number; entry: Entry }) {
  const doc = useCase();
  const drug = useDrugs().get(entry.drug);
  const { routes: all } = useStart();
  const problems = problemsAt(useChecked().problems, doc, arm, index);
  const routes = drug?.routes.length ? drug.routes : all;
  const set = (change: Partial<Entry>) =>
    editCase((before) => updateEntry(before, arm, index, change), `${arm}.${index}.${Object.keys(change)[0]}`);
  const text = (field: "dose" | "every" | "start" | "until" | "over", label: string, placeholder: string, help?: string) => (
    <Field label={label} help={help} problem={problemOf(problems, field)}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
          placeholder={placeholder}
          value={entry[field] ?? ""}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const length = entry.count && hoursOf(entry.every) ? span(entry.count * hoursOf(entry.every)!) : undefined;
  const general = problems.filter(
    ({ path }) => !["dose", "route", "every", "start", "until", "over", "count"].some((field) => path.endsWith(`.${field}`)),
  );
  return (
    <div className="editor">
      {general.map((problem) => (
        <p key={problem.path + problem.message} className="entry-problem">
          {problem.message}
        </p>
      ))}
      <div className="fields">
        {!entry.doses &&
          text("dose", "Dose", "60 mg", drug?.usual && entry.dose === drug.usual.dose ? `usual: ${drug.usual.basis}` : undefined)}
        <Field label="Route" problem={problemOf(problems, "route")}>
          {(wiring) => (
            <select {...wiring} className="select" value={entry.route} onChange={(event) => set({ route: event.target.value })}>
              {(routes.includes(entry.route) ? routes : [entry.route, ...routes]).map((route) => (
                <option key={route}>{route}</option>
              ))}
            </select>
          )}
        </Field>
        {entry.route === "iv infusion" && text("over", "Infused over", "30 min")}
        {!entry.doses && !entry.times && (
          <>
            {text("every", "Every", "once")}
            <Field label="Number of doses" help={length} problem={problemOf(problems, "count")}>
              {(wiring) => (
                <input
                  {...wiring}
                  className="input"
                  inputMode="numeric"
                  placeholder={entry.until ? "as long" : "1"}
                  value={entry.count ?? ""}
                  onChange={(event) => set({ count: whole(event.target.value), missed: undefined })}
                />
              )}
            </Field>
            {text("start", "First dose at", "0 h")}
            {!entry.count && text("until", "Until", "21 days")}
          </>
        )}
      </div>
      {entry.times && (
        <p className="say">
          At {entry.times.join(", ")} on days {String(entry.days)}, as the file says.
        </p>
      )}
      {entry.doses && <p className="say">A list of {entry.doses.length} doses, as the file says; move them on the timeline.</p>}
      <div className="row">
        <label className="check">
          <input type="checkbox" checked={entry.fed ?? false} onChange={(event) => set({ fed: event.target.checked || undefined })} />
          With food
        </label>
        {arm === "regimen" && (entry.every || entry.times) && (
          <label className="check">
            <input
              type="checkbox"
              checked={isSteady(doc, entry.drug)}
              onChange={(event) => editCase((before) => withSteady(before, entry.drug, event.target.checked))}
            />
            Taken for long: at steady state from the start
          </label>
        )}
      </div>
    </div>
  );
}

function whole(text: string): number | undefined {
  const number = Number.parseInt(text, 10);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
