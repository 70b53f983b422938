import { Button } from "../../ui/Button";
import { Choice, Search, type Option } from "../../ui/Choice";
import { NO_FILTERS, type Filters as Chosen } from "./arms";

const FITTED: Option<Chosen["fitted"]>[] = [
  ["", "fitted or not"],
  ["no", "not fitted"],
  ["yes", "fitted"],
];
const QUANTITY: Option<Chosen["quantity"]>[] = [
  ["", "any"],
  ["auc", "AUC"],
  ["cmax", "Cmax"],
  ["cmin", "Cmin"],
];
const OUTSIDE: Option<Chosen["outside"]>[] = [
  ["", "all"],
  ["2", "more than 2-fold off"],
  ["guest", "outside the Guest limits"],
];

/** Which arms are shown. */
export function Filters({ filters, onChange }: { filters: Chosen; onChange: (filters: Chosen) => void }) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  return (
    <form className="arm-filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Search
        label="Perpetrator, victim, compound or study"
        value={filters.search}
        like="rifampicin midazolam"
        onChange={(search) => set({ search })}
      />
      <Choice label="Fitted" value={filters.fitted} options={FITTED} onChange={(fitted) => set({ fitted })} />
      <Choice label="Quantity" value={filters.quantity} options={QUANTITY} onChange={(quantity) => set({ quantity })} />
      <Choice label="Misfit" value={filters.outside} options={OUTSIDE} onChange={(outside) => set({ outside })} />
      <Button kind="quiet" small disabled={untouched} onClick={() => onChange(NO_FILTERS)}>
        Clear filters
      </Button>
    </form>
  );
}
