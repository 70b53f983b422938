import { useState, type FormEvent } from "react";
import type { CaseDoc } from "../../api/types";
import { useStart } from "../../state/start";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { plural } from "../../ui/format";
import { Problems, ProgressBar } from "../../ui/Message";
import { CaseText } from "./CaseText";
import { cancelCohort, runCohort, type Run } from "./run";

const DEFAULT = 500;
const LARGEST_SEED = 2 ** 31 - 1;

/** What is run, in how many people, drawn by which seed. */
export function Setup({ doc, run }: { doc: CaseDoc; run: Run }) {
  const most = useStart().limits.max_subjects;
  const [people, setPeople] = useState(String(Math.min(DEFAULT, most)));
  const [seed, setSeed] = useState(String(seedOf(doc)));
  const [anyone, setAnyone] = useState(run.anyone);
  const wrongPeople = whole(people, 2, most) ? "" : `a whole number from 2 to ${most.toLocaleString("en-GB")}`;
  const wrongSeed = whole(seed, 0, LARGEST_SEED) ? "" : "a whole number, 0 or more";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrongPeople && !wrongSeed) void runCohort(Number(people), Number(seed), anyone);
  };
  const { progress } = run;
  const described = Object.keys(doc.person ?? {}).length > 0;
  return (
    <section className="card stack" aria-labelledby="cohort-setup">
      <h2 id="cohort-setup">What is run</h2>
      <CaseText doc={doc} anyone={anyone} />
      <form className="cohort-form no-print" onSubmit={submit}>
        <Field label="People" help={`up to ${most.toLocaleString("en-GB")}; more with clearway cohort`} problem={wrongPeople}>
          {(wiring) => (
            <input {...wiring} className="input" inputMode="numeric" value={people} onChange={(e) => setPeople(e.target.value)} />
          )}
        </Field>
        <Field label="Seed" help="the same seed, the same people" problem={wrongSeed}>
          {(wiring) => <input {...wiring} className="input" inputMode="numeric" value={seed} onChange={(e) => setSeed(e.target.value)} />}
        </Field>
        {/* keys: else the click on Cancel would submit the button that takes its place */}
        {progress ? (
          <Button key="cancel" icon="stop" onClick={cancelCohort}>
            Cancel
          </Button>
        ) : (
          <Button key="run" kind="primary" type="submit" icon="play" disabled={Boolean(wrongPeople || wrongSeed)}>
            Run the cohort
          </Button>
        )}
      </form>
      {described && (
        <label className="check no-print">
          <input type="checkbox" checked={anyone} onChange={(e) => setAnyone(e.target.checked)} />
          let people differ in everything: leave out what the case says of its person
        </label>
      )}
      {progress && (
        <ProgressBar
          label={
            progress.stage === "people"
              ? `Simulated ${progress.done.toLocaleString("en-GB")} of ${plural(progress.of, "person", "people")}`
              : "Computing the percentiles"
          }
          done={progress.done}
          of={progress.of}
        />
      )}
      <Problems problems={run.problems} />
    </section>
  );
}

function seedOf(doc: CaseDoc): number {
  const seed = doc.population?.["seed"];
  return typeof seed === "number" ? seed : 1;
}

function whole(text: string, low: number, high: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= low && Number(text) <= high;
}
