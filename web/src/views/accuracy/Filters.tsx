import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { NO_FILTERS, type Filters as Chosen } from "./arms";

/** Which arms are shown. */
export function Filters({ filters, onChange }: { filters: Chosen; onChange: (filters: Chosen) => void }) {
  const set = (change: Partial<Chosen>) => onChange({ ...filters, ...change });
  const untouched = JSON.stringify(filters) === JSON.stringify(NO_FILTERS);
  return (
    <form className="arm-filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Field label="Perpetrator, victim, compound or study">
        {(wiring) => (
          <input
            {...wiring}
            className="input"
            type="search"
            placeholder="e.g. rifampicin midazolam"
            value={filters.search}
            onChange={(e) => set({ search: e.target.value })}
          />
        )}
      </Field>
      <Field label="Fitted">
        {(wiring) => (
          <select
            {...wiring}
            className="select"
            value={filters.fitted}
            onChange={(e) => set({ fitted: e.target.value as Chosen["fitted"] })}
          >
            <option value="">fitted or not</option>
            <option value="no">not fitted</option>
            <option value="yes">fitted</option>
          </select>
        )}
      </Field>
      <Field label="Quantity">
        {(wiring) => (
          <select
            {...wiring}
            className="select"
            value={filters.quantity}
            onChange={(e) => set({ quantity: e.target.value as Chosen["quantity"] })}
          >
            <option value="">any</option>
            <option value="auc">AUC</option>
            <option value="cmax">Cmax</option>
            <option value="cmin">Cmin</option>
          </select>
        )}
      </Field>
      <Field label="Misfit">
        {(wiring) => (
          <select
            {...wiring}
            className="select"
            value={filters.outside}
            onChange={(e) => set({ outside: e.target.value as Chosen["outside"] })}
          >
            <option value="">all</option>
            <option value="2">more than 2-fold off</option>
            <option value="guest">outside the Guest limits</option>
          </select>
        )}
      </Field>
      <Button kind="quiet" small disabled={untouched} onClick={() => onChange(NO_FILTERS)}>
        Clear filters
      </Button>
    </form>
  );
}
