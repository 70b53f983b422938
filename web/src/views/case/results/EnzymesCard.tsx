import { useMemo } from "react";
import type { Activity, Answer } from "../../../api/types";
import { Curves, type Curve } from "../../../ui/Curves";
import { dayTime, ratioText } from "../../../ui/format";

/** Amount of active enzyme over time, 1 = baseline. */
export function EnzymesCard({ answer }: { answer: Answer }) {
  const { activity, times } = answer.curves;
  const enzymes = [...new Set(activity.map((one) => one.enzyme))];
  return (
    <section className="card" aria-labelledby="enzymes-title">
      <h2 id="enzymes-title">Enzyme activity over time</h2>
      <p className="say">
        Active enzyme, 1 = baseline: what induction and inactivation do. Reversible inhibition comes on top and leaves with the drug.
      </p>
      {!enzymes.length && <p className="soft">No enzyme moves in this case.</p>}
      <div className="panels small">
        {enzymes.map((enzyme) => (
          <Enzyme key={enzyme} name={enzyme} times={times} activity={activity.filter((one) => one.enzyme === enzyme)} />
        ))}
      </div>
    </section>
  );
}

function Enzyme({ name, times, activity }: { name: string; times: number[]; activity: Activity[] }) {
  const curves = useMemo<Curve[]>(
    () =>
      activity.flatMap(({ organ, control, test }) => [
        ...(control
          ? [{ label: `${organ}, without`, values: control, color: "--control", dash: organ === "liver" ? [7, 4] : [2, 3] }]
          : []),
        { label: control ? `${organ}, with` : organ, values: test, color: "--test", dash: organ === "liver" ? undefined : [10, 3, 2, 3] },
      ]),
    [activity],
  );
  return (
    <div className="panel">
      <h3>{name}</h3>
      <Curves
        name={`${name}, activity`}
        times={times}
        curves={curves}
        unit="of baseline"
        height={150}
        floor={0}
        format={ratioText}
        timeText={dayTime}
      />
    </div>
  );
}
