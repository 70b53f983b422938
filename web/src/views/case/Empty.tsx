import type { Arm, CaseDoc, Drug } from "../../api/types";
import { EMPTY, replaceCase } from "../../state/case";
import { addDrug } from "../../state/edits";
import { useDrugs } from "../../state/start";
import { Button } from "../../ui/Button";

type Example = { name: string; takes: string[]; starts: string[] };
const EXAMPLES: Example[] = [
  { name: "Methadone, efavirenz is added", takes: ["methadone"], starts: ["efavirenz"] },
  {
    name: "Twelve drugs: a triple HIV therapy is added",
    takes: ["methadone", "ketamine", "ethanol", "alprazolam", "sertraline", "bupropion", "cocaine", "cannabis", "cigarette"],
    starts: ["darunavir", "ritonavir", "dolutegravir"],
  },
];

/** What to do first, said in two lines, and two cases to look at. */
export function Empty() {
  const drugs = useDrugs();
  const possible = EXAMPLES.filter((example) => [...example.takes, ...example.starts].every((id) => drugs.has(id)));
  return (
    <section className="card empty" aria-label="Begin">
      <h2>What does the person take, and what is added?</h2>
      <p>Type the drug that is taken (<b>methadone</b>, Enter), then the one that is added (<b>efavirenz</b>, Enter), and press <b>Simulate</b>.</p>
      <p className="say">Usual doses are filled in and said to be so; everything can be changed.</p>
      <div className="row">
        {possible.map((example) => <Button key={example.name} small onClick={() => replaceCase(built(example, drugs))}>{example.name}</Button>)}
      </div>
    </section>
  );
}

function built({ takes, starts }: Example, drugs: Map<string, Drug>): CaseDoc {
  const all = [...takes.map((id): [string, Arm] => [id, "regimen"]), ...starts.map((id): [string, Arm] => [id, "compare"])];
  return all.reduce((doc, [id, arm]) => addDrug(doc, drugs.get(id)!, arm), EMPTY);
}
