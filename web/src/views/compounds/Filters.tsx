import type { CompoundCard } from "../../api/types";
import { Button } from "../../ui/Button";
import { Choice, Search, type Option } from "../../ui/Choice";
import { classes, NO_FILTERS, ORDERS, type Filters as Chosen, type Order } from "./list";

const KINDS: Option<Chosen["kind"]>[] = [
  ["", "all compounds"],
  ["parent", "drugs"],
  ["metabolite", "metabolites"],
];
const ORDER = Object.entries(ORDERS) as Option<Order>[];

/** Which compounds are listed, and in which order. */
export function Filters({ cards, filters, onChange }: { cards: CompoundCard[]; filters: Chosen; onChange: (filters: Chosen) => void }) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  const groups: Option<string>[] = [["", "all classes"], ...classes(cards).map(([name, n]) => [name, `${name} (${n})`] as const)];
  return (
    <form className="compound-filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Search label="Name, brand, synonym or class" value={filters.search} like="Biktarvy, opioid" onChange={(search) => set({ search })} />
      <Choice label="Class" value={filters.group} options={groups} onChange={(group) => set({ group })} />
      <Choice label="Kind" value={filters.kind} options={KINDS} onChange={(kind) => set({ kind })} />
      <Choice label="Order by" value={filters.order} options={ORDER} onChange={(order) => set({ order })} />
      <Button kind="quiet" small disabled={untouched} onClick={() => onChange(NO_FILTERS)}>
        Clear filters
      </Button>
    </form>
  );
}
