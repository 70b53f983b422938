import { useState } from "react";
import type { PersonField } from "../../api/types";
import { editCase, useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { setPerson } from "../../state/edits";
import { splitQuantity } from "../../state/quantity";
import { useStart } from "../../state/start";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Genotype } from "./Genotype";

/** Who takes it. What is left out is that of the reference adult, and is shown as such. */
export function PersonPanel() {
  const { person: fields } = useStart();
  const doc = useCase();
  const [open, setOpen] = useState(false);
  const { problems } = useChecked();
  const person = doc.person ?? {};
  const given = fields.filter((field) => person[field.name] !== undefined);
  const genotype = Object.entries((person.genotype ?? {}) as Record<string, string>);
  const troubled = problems.some((problem) => problem.path.startsWith("person"));
  const said = [
    ...given.map((field) => `${field.label.toLowerCase()} ${person[field.name]}`),
    ...genotype.map(([gene, value]) => `${gene} ${value}`),
  ];
  return (
    <section className="card person" aria-label="Person">
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          <b>Person</b>{" "}
          <span className={troubled ? "bad" : "soft"}>{said.length ? said.join(", ") : "reference adult: " + reference(fields)}</span>
        </span>
        <Icon name={open ? "less" : "more"} />
      </button>
      {open && (
        <div className="stack person-fields">
          <p className="say">What is left empty is that of the reference adult, shown in grey.</p>
          <div className="fields">
            {fields.map((field) => (
              <PersonInput key={field.name} field={field} />
            ))}
          </div>
          <Genotype />
          <Field label="Title of the case" help="goes into the file and the report; no name of a person">
            {(wiring) => (
              <input
                {...wiring}
                className="input"
                value={doc.title ?? ""}
                onChange={(event) => editCase((before) => ({ ...before, title: event.target.value }), "title")}
              />
            )}
          </Field>
        </div>
      )}
    </section>
  );
}

function PersonInput({ field }: { field: PersonField }) {
  const doc = useCase();
  const problem = useChecked().problems.find(({ path }) => path === `person.${field.name}`)?.message;
  const value = doc.person?.[field.name] as string | number | undefined;
  const sex = doc.person?.sex === "female" ? "female" : "male";
  const standard = field.default[sex];
  const set = (next: string | number | undefined) => editCase((before) => setPerson(before, field.name, next), `person.${field.name}`);
  const placeholder = standard === null ? "healthy adult" : `${standard} (reference)`;
  return (
    <Field
      label={
        <>
          {field.label}
          {field.unit && <span className="fine"> {field.unit}</span>}
        </>
      }
      help={field.help || undefined}
      problem={problem}
    >
      {(wiring) =>
        field.kind === "choice" ? (
          <select {...wiring} className="select" value={value ?? ""} onChange={(event) => set(event.target.value || undefined)}>
            <option value="">{standard === null ? "none (reference)" : `${standard} (reference)`}</option>
            {field.choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...wiring}
            className="input"
            inputMode="decimal"
            placeholder={placeholder}
            value={field.kind === "quantity" ? splitQuantity(value).value : String(value ?? "")}
            onChange={(event) => set(written(event.target.value, field))}
          />
        )
      }
    </Field>
  );
}

/** What goes into the file: a number, or a quantity with its unit; what is no number goes as it is, and the check says so. */
function written(text: string, field: PersonField): string | number | undefined {
  const clean = text.trim().replace(",", ".");
  if (!clean) return undefined;
  if (field.kind === "quantity") return `${clean} ${field.unit}`;
  return /\.$|\.\d*0$/.test(clean) || Number.isNaN(Number(clean)) ? clean : Number(clean);
}

function reference(fields: PersonField[]): string {
  const of = (name: string) => fields.find((field) => field.name === name);
  return ["sex", "age", "weight"]
    .flatMap((name) => {
      const field = of(name);
      return field?.default.male == null ? [] : [`${field.default.male}${field.unit ? ` ${field.unit}` : ""}`];
    })
    .join(", ");
}
