import { useMemo, useState } from "react";
import type { Cohort } from "../../api/types";
import { plural, sig } from "../../ui/format";
import { AXES, Segmented, type Axis } from "../../ui/Segmented";
import { bandsBy, rowsBy } from "./groups";
import { Bands } from "./Bands";
import { Percentiles } from "./Percentiles";

const LAST_H = 72;

/** What a run says: percentiles of every endpoint, and bands over time. */
export function Results({ cohort, stale, seconds }: { cohort: Cohort; stale: boolean; seconds: number | null }) {
  const [scale, setScale] = useState<Axis>("linear");
  const [span, setSpan] = useState<"all" | "last">("all");
  const bands = useMemo(() => bandsBy(cohort), [cohort]);
  const rows = useMemo(() => rowsBy(cohort), [cohort]);
  const done = cohort.subjects - cohort.failed;
  return (
    <>
      <p className="cohort-done" role="status">
        <strong>{plural(done, "person", "people")}</strong> simulated, seed {cohort.seed}
        {seconds !== null && `, in ${sig(seconds, 2)} s`}.
        {cohort.failed > 0 && (
          <span className="bad">
            {" "}
            {plural(cohort.failed, "person", "people")} could not be simulated and {cohort.failed === 1 ? "is" : "are"} left out.
          </span>
        )}
      </p>
      {stale && <p className="note">The case has changed since this run. The figures below belong to the case as it was.</p>}
      <section className="card stack" aria-labelledby="bands-title">
        <div className="row between">
          <h2 id="bands-title">Concentrations over time</h2>
          <div className="row no-print">
            <Segmented
              name="Time"
              value={span}
              onChange={setSpan}
              options={[
                ["all", "all"],
                ["last", "last 3 days"],
              ]}
            />
            <Segmented name="Scale" value={scale} onChange={setScale} options={AXES} />
          </div>
        </div>
        <p className="say">
          Line: the median of the people at each time. Dark band: the middle half of them (25–75 %). Light band: nine in ten (5–95 %). Drag
          over a plot to enlarge a stretch of time, double-click to go back.
        </p>
        <div className="band-plots">
          {bands.map((one) => (
            <Bands key={one.compound} {...one} log={scale === "log"} hours={span === "last" ? LAST_H : null} />
          ))}
        </div>
      </section>
      <section className="card stack" aria-labelledby="percentiles-title">
        <h2 id="percentiles-title">Percentiles of the people</h2>
        {rows.map((group) => (
          <Percentiles key={group.label} label={group.label} rows={group.rows} />
        ))}
      </section>
    </>
  );
}
