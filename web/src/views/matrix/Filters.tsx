import { useState, type ReactNode } from "react";
import type { Screen } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { classes, kinds, NO_FILTERS, type Filters as Chosen } from "./grid";

type Props = { screen: Screen; filters: Chosen; onChange: (filters: Chosen) => void; hasCase: boolean };

/** What of the screen is shown. */
export function Filters({ screen, filters, onChange, hasCase }: Props) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const groups = classes(screen).map(([name, n]) => (
    <option key={name} value={name}>
      {name} ({n})
    </option>
  ));
  const plain = (names: readonly string[]) => names.map((name) => <option key={name}>{name}</option>);
  const used = screen.evidence.filter((_, i) => screen.rows.some((row) => row[5] === i));
  const [open, setOpen] = useState(false); // narrow screens keep most filters behind a button
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  return (
    <form className={`map-filters no-print${open ? " open" : ""}`} aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Field label="Drug">
        {(wiring) => (
          <input
            {...wiring}
            className="input"
            type="search"
            placeholder="e.g. methadone"
            value={filters.search}
            onChange={(e) => set({ search: e.target.value })}
          />
        )}
      </Field>
      <Button className="map-more" aria-expanded={open} icon={open ? "less" : "more"} onClick={() => setOpen(!open)}>
        {open ? "Fewer filters" : "More filters"}
      </Button>
      <Choice label="Perpetrator's class" value={filters.acting} any="all classes" onChange={(acting) => set({ acting })}>
        {groups}
      </Choice>
      <Choice label="Victim's class" value={filters.affected} any="all classes" onChange={(affected) => set({ affected })}>
        {groups}
      </Choice>
      <Choice label="Enzyme or transporter" value={filters.enzyme} any="all" onChange={(enzyme) => set({ enzyme })}>
        {plain(screen.enzymes)}
      </Choice>
      <Choice label="Mechanism" value={filters.kind} any="all" onChange={(kind) => set({ kind })}>
        {plain(kinds(screen))}
      </Choice>
      <Choice
        label="Exposure"
        value={filters.direction}
        any="rises or falls"
        onChange={(direction) => set({ direction: direction as Chosen["direction"] })}
      >
        <option value="rise">rises</option>
        <option value="fall">falls</option>
      </Choice>
      <Choice label="Size" value={String(filters.atLeast)} onChange={(atLeast) => set({ atLeast: Number(atLeast) })}>
        <option value="1.25">1.25-fold or more</option>
        <option value="2">2-fold or more</option>
        <option value="5">5-fold or more</option>
      </Choice>
      <Choice label="Weakest evidence" value={filters.evidence} any="any kind" onChange={(evidence) => set({ evidence })}>
        {plain(used)}
      </Choice>
      <Choice
        label="Clinical studies"
        value={filters.studies}
        any="with or without"
        onChange={(studies) => set({ studies: studies as Chosen["studies"] })}
      >
        <option value="none">no study exists</option>
        <option value="some">a study exists</option>
      </Choice>
      <Choice
        label="Victim taken"
        value={filters.route}
        any="by either route"
        onChange={(route) => set({ route: route as Chosen["route"] })}
      >
        <option value="1">orally</option>
        <option value="0">intravenously</option>
      </Choice>
      <div className="map-filter-end">
        {hasCase && (
          <label className="check">
            <input type="checkbox" checked={filters.ofCase} onChange={(e) => set({ ofCase: e.target.checked })} />
            drugs of my case only
          </label>
        )}
        <Button kind="quiet" small disabled={untouched} onClick={() => onChange(NO_FILTERS)}>
          Clear filters
        </Button>
      </div>
    </form>
  );
}

function Choice({
  label,
  value,
  any,
  onChange,
  children,
}: {
  label: string;
  value: string;
  any?: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <Field label={label}>
      {(wiring) => (
        <select {...wiring} className="select" value={value} onChange={(event) => onChange(event.target.value)}>
          {any !== undefined && <option value="">{any}</option>}
          {children}
        </select>
      )}
    </Field>
  );
}
