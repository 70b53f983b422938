import { useId, useState } from "react";
import type { Screen } from "../../api/types";
import { Button } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { useWidth } from "../../ui/useWidth";
import type { Spot } from "./draw";
import type { Grid, Order, Row } from "./grid";
import { HeatMap } from "./HeatMap";
import { fitting, SIZES } from "./layout";
import { Legend } from "./Legend";
import { Readout } from "./Readout";

type Props = { screen: Screen; grid: Grid; order: Order; onOrder: (order: Order) => void; onPick: (row: Row) => void };

/** The map with what is around it: order, zoom, readout, legend. */
export function MapCard({ screen, grid, order, onOrder, onPick }: Props) {
  const [box, room] = useWidth<HTMLDivElement>();
  const [zoom, setZoom] = useState<number | null>(null);
  const [pointed, setPointed] = useState<{ grid: Grid; spot: Spot | null }>({ grid, spot: null });
  const help = useId();
  const spot = pointed.grid === grid ? pointed.spot : null; // another selection of pairs: the old place means nothing
  const square = zoom ?? Math.max(fitting(grid, room), room < 600 ? 12 : 4);
  const at = SIZES.findIndex((s) => s >= square);
  const name = `${grid.acting.length} perpetrators (rows) by ${grid.affected.length} victims (columns), ${grid.squares} pairs that change`;
  return (
    <section className="card map-card" aria-label="Heat map">
      <div className="row between no-print">
        <Segmented
          name="Order"
          value={order}
          onChange={onOrder}
          options={[
            ["class", "By class"],
            ["size", "By size"],
            ["name", "By name"],
          ]}
        />
        <div className="row">
          <Button small label="Smaller squares" disabled={at <= 0} onClick={() => setZoom(SIZES[at - 1] ?? null)}>
            −
          </Button>
          <Button small disabled={zoom === null} onClick={() => setZoom(null)}>
            Fit
          </Button>
          <Button small label="Larger squares" disabled={at >= SIZES.length - 1} onClick={() => setZoom(SIZES[at + 1] ?? null)}>
            +
          </Button>
        </div>
      </div>
      <Readout screen={screen} grid={grid} spot={spot} />
      <div ref={box}>
        {room > 0 && (
          <HeatMap
            grid={grid}
            square={square}
            room={room}
            grouped={order === "class"}
            name={name}
            spot={spot}
            describedBy={help}
            onSpot={(next) => setPointed({ grid, spot: next })}
            onPick={(found) => onPick(found.row)}
          />
        )}
      </div>
      <Legend dots={square >= 10} />
      <p id={help} className="fine soft no-print">
        Arrow keys move by one square, with Shift to the next change; Home, End, Page Up and Page Down move further; Enter or a click opens
        the pair. The table below holds the same pairs.
      </p>
    </section>
  );
}
