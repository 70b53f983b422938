import type { Screen } from "../../api/types";
import { plural, ratioText } from "../../ui/format";
import { EVIDENCE, MECHANISM, RATIO, ROUTE, ROUTES, STUDIES, type Grid, type Square } from "./grid";
import type { Spot } from "./draw";
import { inWords } from "./scale";

/** What stands in the square that is pointed at, in one or two lines; said aloud on keyboard moves. */
export function Readout({ screen, grid, spot }: { screen: Screen; grid: Grid; spot: Spot | null }) {
  const [row, column] = spot ? [grid.acting[spot.r], grid.affected[spot.c]] : [];
  const square = spot && grid.at(spot.r, spot.c);
  return (
    <p className="map-readout" role="status">
      {!row || !column ? (
        <span className="soft">Point at a square, or move with the arrow keys.</span>
      ) : (
        <>
          <strong>{row.label}</strong> on <strong>{column.label}</strong>:{" "}
          {square ? told(screen, square) : <span className="soft">no change of 1.25-fold or more that passes the filters.</span>}
        </>
      )}
    </p>
  );
}

/** "AUC × 2.75 oral, × 2.39 intravenous (rises, moderate); above all CYP2D6 inhibition; weakest value assumed; no study exists." */
function told(screen: Screen, { row, other }: Square): string {
  const ratios = [row, ...(other ? [other] : [])].map((one) => `× ${ratioText(one[RATIO])} ${ROUTES[one[ROUTE]]}`).join(", ");
  const how = screen.mechanisms[row[MECHANISM]];
  const weakest = screen.evidence[row[EVIDENCE]];
  const parts = [
    `AUC ${ratios} (${inWords(row[RATIO])})`,
    how && `above all ${how}`,
    weakest && `weakest value ${weakest}`,
    row[STUDIES] ? plural(row[STUDIES], "study arm") : "no study exists",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}
