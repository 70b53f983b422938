import { useState } from "react";
import type { Screen } from "../../api/types";
import { Button } from "../../ui/Button";
import { Choice, Search, type Option } from "../../ui/Choice";
import { classes, kinds, NO_FILTERS, type Filters as Chosen } from "./grid";

type Props = { screen: Screen; filters: Chosen; onChange: (filters: Chosen) => void; hasCase: boolean };

const DIRECTIONS: Option<Chosen["direction"]>[] = [
  ["", "rises or falls"],
  ["rise", "rises"],
  ["fall", "falls"],
];
const SIZES: Option<string>[] = [
  ["1.25", "1.25-fold or more"],
  ["2", "2-fold or more"],
  ["5", "5-fold or more"],
];
const STUDIES: Option<Chosen["studies"]>[] = [
  ["", "with or without"],
  ["none", "no study exists"],
  ["some", "a study exists"],
];
const ROUTES: Option<Chosen["route"]>[] = [
  ["", "by either route"],
  ["1", "orally"],
  ["0", "intravenously"],
];

/** What of the screen is shown. */
export function Filters({ screen, filters, onChange, hasCase }: Props) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const groups: Option<string>[] = [["", "all classes"], ...classes(screen).map(([name, n]) => [name, `${name} (${n})`] as const)];
  const used = screen.evidence.filter((_, i) => screen.rows.some((row) => row[5] === i));
  const [open, setOpen] = useState(false); // narrow screens keep most filters behind a button
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  return (
    <form className={`map-filters no-print${open ? " open" : ""}`} aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Search label="Drug" value={filters.search} like="methadone" onChange={(search) => set({ search })} />
      <Button className="map-more" aria-expanded={open} icon={open ? "less" : "more"} onClick={() => setOpen(!open)}>
        {open ? "Fewer filters" : "More filters"}
      </Button>
      <Choice label="Perpetrator's class" value={filters.acting} options={groups} onChange={(acting) => set({ acting })} />
      <Choice label="Victim's class" value={filters.affected} options={groups} onChange={(affected) => set({ affected })} />
      <Choice
        label="Enzyme or transporter"
        value={filters.enzyme}
        options={withAny("all", screen.enzymes)}
        onChange={(enzyme) => set({ enzyme })}
      />
      <Choice label="Mechanism" value={filters.kind} options={withAny("all", kinds(screen))} onChange={(kind) => set({ kind })} />
      <Choice label="Exposure" value={filters.direction} options={DIRECTIONS} onChange={(direction) => set({ direction })} />
      <Choice label="Size" value={String(filters.atLeast)} options={SIZES} onChange={(atLeast) => set({ atLeast: Number(atLeast) })} />
      <Choice
        label="Weakest evidence"
        value={filters.evidence}
        options={withAny("any kind", used)}
        onChange={(evidence) => set({ evidence })}
      />
      <Choice label="Clinical studies" value={filters.studies} options={STUDIES} onChange={(studies) => set({ studies })} />
      <Choice label="Victim taken" value={filters.route} options={ROUTES} onChange={(route) => set({ route })} />
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

function withAny(any: string, names: readonly string[]): Option<string>[] {
  return [["", any], ...names.map((name) => [name, name] as const)];
}
