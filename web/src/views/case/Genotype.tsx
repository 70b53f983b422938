import { useId } from "react";
import { editCase, useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { setGenotype } from "../../state/edits";
import { useStart } from "../../state/start";
import { Field } from "../../ui/Field";

/** Star alleles or phenotypes; an empty gene is the mixture of the population. */
export function Genotype() {
  const { genes } = useStart();
  const doc = useCase();
  const { problems } = useChecked();
  const id = useId();
  const known = (doc.person?.genotype ?? {}) as Record<string, string>;
  return (
    <fieldset className="plain">
      <legend>Genotype</legend>
      <div className="fields">
        {genes.map(({ gene, examples }) => (
          <Field key={gene} label={gene} problem={problems.find(({ path }) => path === `person.genotype.${gene}`)?.message}>
            {(wiring) => (
              <>
                <input
                  {...wiring}
                  className="input"
                  list={`${id}-${gene}`}
                  placeholder="unknown (mixture)"
                  autoComplete="off"
                  value={known[gene] ?? ""}
                  onChange={(event) => editCase((before) => setGenotype(before, gene, event.target.value), `gene.${gene}`)}
                />
                <datalist id={`${id}-${gene}`}>
                  {examples.map((example) => (
                    <option key={example} value={example} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
