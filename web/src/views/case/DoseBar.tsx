import { editCase, useCase } from "../../state/case";
import { copyDose, skipDose, type DoseMark } from "../../state/doses";
import { COURSE_DAYS, courseDays } from "../../state/edits";
import { Button } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { dayTime } from "../../ui/format";

/** The chosen dose and what can be done with it without dragging. */
export function DoseBar({
  mark,
  label,
  alone,
  onAlone,
  onMove,
}: {
  mark: DoseMark | null;
  label: string;
  alone: boolean;
  onAlone: (alone: boolean) => void;
  onMove: (mark: DoseMark, by: number, single: boolean) => void;
}) {
  const doc = useCase();
  if (!mark)
    return (
      <p className="say small no-print">
        {courseDays(doc) === COURSE_DAYS && "Three weeks are filled in, so that induction is complete. "}Drag a mark to move its series
        (Alt: that dose alone); choose one to skip or copy it.
      </p>
    );
  return (
    <div className="dose-bar no-print" role="group" aria-label="Chosen dose">
      <span>
        <b>{label}</b>, dose {mark.number}, {dayTime(mark.at)}
        {mark.missed ? ", skipped" : ""}
      </span>
      <Button small onClick={() => editCase((doc) => skipDose(doc, mark))}>
        {mark.missed ? "Take it" : "Skip"}
      </Button>
      <Button small onClick={() => editCase((doc) => copyDose(doc, mark, 12))} title="Once more, 12 h later">
        Copy
      </Button>
      <Button small icon="left" label="One hour earlier" onClick={() => onMove(mark, -1, alone)} />
      <Button small icon="right" label="One hour later" onClick={() => onMove(mark, 1, alone)} />
      <Segmented
        name="What moves"
        value={alone ? "one" : "all"}
        onChange={(value) => onAlone(value === "one")}
        options={[
          ["all", "whole series"],
          ["one", "this dose"],
        ]}
      />
    </div>
  );
}
