import { hasDrugs, useCase } from "../../state/case";
import "./cohort.css";
import { Doubt } from "./Doubt";
import { NoCase } from "./NoCase";
import { Results } from "./Results";
import { askedOf, useCohort } from "./run";
import { Setup } from "./Setup";

/** The case in many people: how far they differ. */
export default function View(_: { path: string[] }) {
  const doc = useCase();
  const run = useCohort();
  return (
    <div className="stack cohort">
      <header>
        <h1>Cohort</h1>
        <p className="say">The regimen of the case in many people, who differ in age, size, organs, enzymes and genotypes.</p>
      </header>
      {hasDrugs(doc) ? <Setup doc={doc} run={run} /> : <NoCase />}
      <Doubt />
      {run.cohort && (
        <Results cohort={run.cohort} stale={JSON.stringify(run.of) !== JSON.stringify(askedOf(doc, run.anyone))} seconds={run.seconds} />
      )}
    </div>
  );
}
