import { useDeferredValue, useMemo } from "react";
import type { Screen } from "../../api/types";
import { hasDrugs, useCase } from "../../state/case";
import { openDrawer } from "../../state/drawer";
import { makeStore } from "../../state/store";
import { plural } from "../../ui/format";
import { Filters } from "./Filters";
import { filtered, makeGrid, NO_FILTERS, P, V, type Filters as Chosen, type Order, type Row } from "./grid";
import { MapCard } from "./MapCard";
import { PairPanel } from "./PairPanel";
import { PairTable } from "./PairTable";
import { useCaseDrugs } from "./useCaseDrugs";

/** Outlives a change of view, so that the way back from a card leads to the same map. */
const kept = makeStore<{ filters: Chosen; order: Order }>({ filters: NO_FILTERS, order: "class" });

/** Filters, the map and the table of one screen. */
export function Matrix({ screen }: { screen: Screen }) {
  const { filters, order } = kept.use();
  const hasCase = hasDrugs(useCase());
  const inCase = useCaseDrugs(screen);
  const chosen = useDeferredValue(filters);
  const rows = useMemo(() => filtered(screen, hasCase ? chosen : { ...chosen, ofCase: false }, inCase), [screen, chosen, hasCase, inCase]);
  const grid = useMemo(() => makeGrid(screen, rows, order), [screen, rows, order]);
  const pick = (row: Row) => {
    const both = screen.rows.filter((other) => other[P] === row[P] && other[V] === row[V]);
    openDrawer(
      `${screen.drugs[row[P]]?.label} on ${screen.victims[row[V]]?.label}`,
      <PairPanel screen={screen} rows={[row, ...both.filter((other) => other !== row)]} />,
    );
  };
  const n = (value: number) => value.toLocaleString("en-GB");
  return (
    <>
      <Filters screen={screen} filters={filters} onChange={(next) => kept.set({ filters: next, order })} hasCase={hasCase} />
      <p className="map-count" role="status">
        <strong>{n(rows.length)}</strong> of {n(screen.rows.length)} pairs that change, in {plural(grid.acting.length, "perpetrator")} and{" "}
        {plural(grid.affected.length, "victim")}.
        <span className="soft">
          {" "}
          {n(screen.unchanged)} others change less than 1.25-fold. A pair counts once for each route of the victim.
        </span>
      </p>
      {rows.length === 0 ? (
        <p className="note">No pair passes these filters.</p>
      ) : (
        <>
          <MapCard screen={screen} grid={grid} order={order} onOrder={(next) => kept.set({ filters, order: next })} onPick={pick} />
          <PairTable key={JSON.stringify(chosen)} screen={screen} rows={rows} onPick={pick} />
        </>
      )}
    </>
  );
}
