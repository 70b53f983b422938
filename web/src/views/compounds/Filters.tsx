import type { CompoundCard } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { classes, NO_FILTERS, ORDERS, type Filters as Chosen, type Order } from "./list";

/** Which compounds are listed, and in which order. */
export function Filters({ cards, filters, onChange }: { cards: CompoundCard[]; filters: Chosen; onChange: (filters: Chosen) => void }) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  return (
    <form className="compound-filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Field label="Name, brand, synonym or class">
        {(wiring) => (
          <input
            {...wiring}
            className="input"
            type="search"
            placeholder="e.g. Biktarvy, opioid"
            value={filters.search}
            onChange={(e) => set({ search: e.target.value })}
          />
        )}
      </Field>
      <Field label="Class">
        {(wiring) => (
          <select {...wiring} className="select" value={filters.group} onChange={(e) => set({ group: e.target.value })}>
            <option value="">all classes</option>
            {classes(cards).map(([name, n]) => (
              <option key={name} value={name}>
                {name} ({n})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Kind">
        {(wiring) => (
          <select {...wiring} className="select" value={filters.kind} onChange={(e) => set({ kind: e.target.value as Chosen["kind"] })}>
            <option value="">all compounds</option>
            <option value="parent">drugs</option>
            <option value="metabolite">metabolites</option>
          </select>
        )}
      </Field>
      <Field label="Order by">
        {(wiring) => (
          <select {...wiring} className="select" value={filters.order} onChange={(e) => set({ order: e.target.value as Order })}>
            {Object.entries(ORDERS).map(([order, name]) => (
              <option key={order} value={order}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Button kind="quiet" small disabled={untouched} onClick={() => onChange(NO_FILTERS)}>
        Clear filters
      </Button>
    </form>
  );
}
