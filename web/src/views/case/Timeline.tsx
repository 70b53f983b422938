import { useEffect, useMemo, useRef, useState } from "react";
import type { Arm, CaseDoc, CheckedEntry } from "../../api/types";
import { editCase, useCase } from "../../state/case";
import { useChecked } from "../../state/check";
import { marksOf, moveDose, shiftSeries, type DoseMark } from "../../state/doses";
import { courseDays, entriesOf } from "../../state/edits";
import { Button } from "../../ui/Button";
import { Course } from "./Course";
import { DoseBar } from "./DoseBar";
import { TimelineAxis } from "./TimelineAxis";
import { TimelineRow, type Drag } from "./TimelineRow";

export type Row = { key: string; arm: Arm; label: string; doses: string[]; steady: boolean; marks: DoseMark[] };
/** Room at both ends of a row, so that the first mark is whole. */
export const PAD = 9;
const ZOOMS = [1, 2, 4, 8, 16, 32];

/** A row a drug, a mark a dose. The whole course fits; zoom to see hours. */
export function Timeline() {
  const { entries, duration_h } = useChecked();
  const doc = useCase();
  const [zoom, setZoom] = useState(0);
  const [selected, setSelected] = useState<string | null>(null);
  const [alone, setAlone] = useState(false);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [width, setWidth] = useState(600);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => setDrag(null), [entries]); // the moved doses have come back from the server
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const size = new ResizeObserver(() => setWidth(box.clientWidth));
    size.observe(box);
    return () => size.disconnect();
  }, []);
  const rows = useMemo(() => rowsOf(entries, doc), [entries, doc]);
  const mark = rows.flatMap((row) => row.marks).find((one) => keyOf(one) === selected) ?? null;
  const hours = Math.max(24, Math.min(duration_h ?? 0, 24 * 400), ...rows.flatMap((row) => row.marks.map((one) => one.at))) + 6;
  const names = width < 480 ? 124 : 196;
  const scale = (Math.max(160, width - names - 2 * PAD) / hours) * (ZOOMS[zoom] ?? 1);

  const move = (one: DoseMark, by: number, single: boolean) => {
    const extra = entriesOf(doc, one.arm).length;
    const splits = single && (entriesOf(doc, one.arm)[one.index]?.every || entriesOf(doc, one.arm)[one.index]?.times);
    editCase(
      (before) => (single ? moveDose(before, one, by) : shiftSeries(before, one.arm, one.index, by)),
      splits ? null : `move.${one.arm}.${one.index}`,
    );
    if (splits) setSelected(keyOf({ arm: one.arm, index: extra, number: 1 }));
  };

  return (
    <section className="card timeline" aria-label="Timeline">
      <div className="row between">
        <h2>Timeline</h2>
        <div className="row no-print">
          <Course days={courseDays(doc)} />
          <span className="row tight" role="group" aria-label="Zoom">
            <Button small icon="add" label="Zoom in" disabled={zoom === ZOOMS.length - 1} onClick={() => setZoom(zoom + 1)} />
            <Button small icon="minus" label="Zoom out" disabled={zoom === 0} onClick={() => setZoom(zoom - 1)} />
            <Button small disabled={zoom === 0} onClick={() => setZoom(0)}>
              Fit all
            </Button>
          </span>
        </div>
      </div>
      <div className="tl-scroll" ref={scroller} tabIndex={zoom ? 0 : undefined} role="group" aria-label="Doses over time">
        <div className="tl" style={{ gridTemplateColumns: `${names}px ${Math.ceil(hours * scale) + 2 * PAD}px` }}>
          <span className="tl-name tl-unit">day</span>
          <TimelineAxis hours={hours} scale={scale} />
          {rows.map((row) => (
            <TimelineRow
              key={row.key}
              row={row}
              hours={hours}
              scale={scale}
              selected={selected}
              alone={alone}
              drag={drag}
              onSelect={setSelected}
              onDrag={setDrag}
              onMove={move}
            />
          ))}
        </div>
      </div>
      <DoseBar
        mark={mark}
        label={rows.find((row) => row.marks.some((one) => keyOf(one) === selected))?.label ?? ""}
        alone={alone}
        onAlone={setAlone}
        onMove={move}
      />
    </section>
  );
}

export function keyOf({ arm, index, number }: { arm: Arm; index: number; number: number }): string {
  return `${arm}.${index}.${number}`;
}

/** Entries of one drug in one list share a row. */
function rowsOf(entries: CheckedEntry[], doc: CaseDoc): Row[] {
  const rows = new Map<string, Row>();
  for (const entry of entries) {
    const key = `${entry.arm}.${entry.product}`;
    const row = rows.get(key) ?? { key, arm: entry.arm, label: entry.label, doses: [], steady: entry.steady, marks: [] };
    const dose = entriesOf(doc, entry.arm)[entry.index]?.dose;
    if (dose && !row.doses.includes(dose)) row.doses.push(dose);
    row.marks = [...row.marks, ...marksOf(entry)].sort((a, b) => a.at - b.at);
    rows.set(key, row);
  }
  return [...rows.values()];
}
