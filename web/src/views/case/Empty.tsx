import { replaceCase } from "../../state/case";
import { useDrugs } from "../../state/start";
import { allEntries } from "../../state/edits";
import { Button } from "../../ui/Button";
import { EXAMPLES } from "./examples";

/** What to do first, said in two lines, and two cases to look at. */
export function Empty() {
  const drugs = useDrugs();
  return (
    <section className="card empty" aria-label="Begin">
      <h2>What does the person take, and what is added?</h2>
      <p>
        Type the drug that is taken (<b>methadone</b>, Enter), then the one that is added (<b>efavirenz</b>, Enter), and press{" "}
        <b>Simulate</b>.
      </p>
      <p className="say">
        Usual doses are filled in and said to be so; everything can be changed. Or look at an example, with illustrative doses:
      </p>
      <div className="row">
        {EXAMPLES.filter(({ doc }) => allEntries(doc).every(({ drug }) => drugs.has(drug))).map(({ name, doc }) => (
          <Button key={name} small onClick={() => replaceCase(doc)}>
            {name}
          </Button>
        ))}
      </div>
    </section>
  );
}
