import { useId, type KeyboardEvent, type PointerEvent } from "react";
import { editCase } from "../../state/case";
import { copyDose, skipDose, type DoseMark } from "../../state/doses";
import { dayTime } from "../../ui/format";
import { ArmMark } from "./Regimen";
import { keyOf, PAD, type Row } from "./Timeline";

export type Drag = { key: string; arm: string; index: number; from: number; by: number; single: boolean };
const HEIGHT = 34;
/** More doses than this are drawn as one bar. */
const MOST = 1000;

/** The doses of one drug: one stop for the Tab key, a listbox whose options are doses. */
export function TimelineRow({
  row,
  hours,
  scale,
  selected,
  alone,
  drag,
  onSelect,
  onDrag,
  onMove,
}: {
  row: Row;
  hours: number;
  scale: number;
  selected: string | null;
  alone: boolean;
  drag: Drag | null;
  onSelect: (key: string) => void;
  onDrag: (drag: Drag | null) => void;
  onMove: (mark: DoseMark, by: number, single: boolean) => void;
}) {
  const id = useId();
  const at = row.marks.findIndex((mark) => keyOf(mark) === selected);
  const size = Math.max(1.8, Math.min(6, (usualGap(row.marks) * scale) / 2 - 0.8));
  const snap = scale > 14 ? 0.5 : 1;

  const onKey = (event: KeyboardEvent) => {
    const mark = row.marks[at];
    const step = event.shiftKey ? 6 : 1;
    const go = (to: number) => {
      const next = row.marks[Math.max(0, Math.min(row.marks.length - 1, to))];
      if (next) onSelect(keyOf(next));
    };
    if (event.key === "ArrowDown" || event.key === "PageDown") go(at + (event.key === "PageDown" ? 7 : 1));
    else if (event.key === "ArrowUp" || event.key === "PageUp") go(at - (event.key === "PageUp" ? 7 : 1));
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(row.marks.length - 1);
    else if (!mark || event.ctrlKey || event.metaKey) return;
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight")
      onMove(mark, event.key === "ArrowLeft" ? -step : step, alone || event.altKey);
    else if (event.key === "Delete" || event.key.toLowerCase() === "s") editCase((doc) => skipDose(doc, mark));
    else if (event.key.toLowerCase() === "c") editCase((doc) => copyDose(doc, mark, 12));
    else return;
    event.preventDefault();
  };
  const onDown = (event: PointerEvent<SVGSVGElement>) => {
    const mark = nearest(row.marks, event, scale);
    if (!mark || event.button !== 0) return;
    onSelect(keyOf(mark));
    event.currentTarget.setPointerCapture(event.pointerId);
    onDrag({ key: keyOf(mark), arm: mark.arm, index: mark.index, from: event.clientX, by: 0, single: alone || event.altKey });
  };
  const onPointer = (event: PointerEvent) => {
    if (!drag || !row.marks.some((mark) => keyOf(mark) === drag.key) || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const by = Math.round((event.clientX - drag.from) / scale / snap) * snap;
    const first = Math.min(...row.marks.filter((mark) => moves(mark, drag)).map((mark) => mark.at));
    if (by !== drag.by) onDrag({ ...drag, by: Math.max(by, -first) });
  };
  const onUp = () => {
    const mark = drag && row.marks.find((one) => keyOf(one) === drag.key);
    if (mark && drag.by !== 0) onMove(mark, drag.by, drag.single);
    else onDrag(null);
  };

  return (
    <>
      <span className="tl-name" id={`${id}-name`}>
        <ArmMark arm={row.arm} />
        <span>
          <b>{row.label}</b>
          <small>
            {row.doses.join(", ")}
            {row.steady ? ", steady state" : ""}
          </small>
        </span>
      </span>
      <div
        className={`tl-row ${row.arm}`}
        role="listbox"
        tabIndex={0}
        aria-label={`${row.label}, doses`}
        aria-description="Up and down choose a dose, left and right move it, S skips, C copies"
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        onKeyDown={onKey}
        onFocus={() => {
          if (at < 0 && row.marks[0]) onSelect(keyOf(row.marks[0]));
        }}
      >
        <svg
          width={Math.ceil(hours * scale) + 2 * PAD}
          height={HEIGHT}
          viewBox={`${-PAD} 0 ${Math.ceil(hours * scale) + 2 * PAD} ${HEIGHT}`}
          role="presentation"
          onPointerDown={onDown}
          onPointerMove={onPointer}
          onPointerUp={onUp}
          onPointerCancel={() => onDrag(null)}
        >
          <line x1="0" x2={hours * scale} y1={HEIGHT / 2} y2={HEIGHT / 2} className="tl-base" />
          {row.marks.length > MOST && (
            <rect
              x={row.marks[0]!.at * scale}
              y={HEIGHT / 2 - 4}
              width={(row.marks.at(-1)!.at - row.marks[0]!.at) * scale}
              height="8"
              className="tl-many"
            />
          )}
          {row.marks.length <= MOST &&
            row.marks.map((mark, i) => {
              const x = (mark.at + (drag && moves(mark, drag) ? drag.by : 0)) * scale;
              return (
                <g
                  key={keyOf(mark)}
                  id={`${id}-${i}`}
                  role="option"
                  aria-selected={i === at}
                  transform={`translate(${x.toFixed(1)} ${HEIGHT / 2})`}
                  aria-label={`dose ${mark.number}, ${dayTime(mark.at)}${mark.missed ? ", skipped" : ""}`}
                  className={`tl-mark ${mark.missed ? "missed" : ""} ${i === at ? "on" : ""}`}
                >
                  {i === at && <circle r={size + 5} className="tl-ring" />}
                  {shape(row.arm, mark.missed, size)}
                </g>
              );
            })}
        </svg>
      </div>
    </>
  );
}

function shape(arm: string, missed: boolean, r: number) {
  if (missed) return <path d={`M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`} className="tl-cross" />;
  return arm === "regimen" ? <circle r={r} /> : <path d={`M0 ${-r * 1.25}L${r * 1.25} 0 0 ${r * 1.25} ${-r * 1.25} 0z`} />;
}

/** The median time between doses, so that one extra dose does not shrink the marks of all. */
function usualGap(marks: DoseMark[]): number {
  const gaps = marks
    .slice(1)
    .map((mark, i) => mark.at - marks[i]!.at)
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? Infinity;
}

function moves(mark: DoseMark, drag: Drag): boolean {
  return drag.single ? keyOf(mark) === drag.key : mark.arm === drag.arm && mark.index === drag.index;
}

/** The dose under the pointer, or the nearest within reach of a finger. */
function nearest(marks: DoseMark[], event: PointerEvent<SVGSVGElement>, scale: number): DoseMark | undefined {
  const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PAD;
  const [best] = marks.map((mark) => ({ mark, far: Math.abs(mark.at * scale - x) })).sort((a, b) => a.far - b.far);
  return best && best.far < 22 ? best.mark : undefined;
}
