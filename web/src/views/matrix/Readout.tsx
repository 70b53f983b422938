import type { Screen } from "../../api/types";
import { plural, ratioText } from "../../ui/format";
import { EVIDENCE, MECHANISM, RATIO, ROUTE, ROUTES, STUDIES, type Grid, type Row } from "./grid";
import type { Spot } from "./draw";
import { inWords } from "./scale";

/** What stands in the square that is pointed at, in one or two lines; said aloud on keyboard moves. */
export function Readout({ screen, grid, spot }: { screen: Screen; grid: Grid; spot: Spot | null }) {
  const [row, column] = spot ? [grid.acting[spot.r], grid.affected[spot.c]] : [];
  const square = spot && grid.at(spot.r, spot.c);
  return (
    <p className="map-readout" role="status">
      {!row || !column ? <span className="soft">Point at a square, or move with the arrow keys.</span> : (
        <>
          <strong>{row.label}</strong> on <strong>{column.label}</strong>:{" "}
          {square ? <>{told(screen, square.row)}{square.other && <span className="soft"> {told(screen, square.other)}</span>}</> : <span className="soft">no change of 1.25-fold or more that passes the filters.</span>}
        </>
      )}
    </p>
  );
}

/** "oral: AUC × 0.52 (falls, weak), above all CYP2B6 induction, weakest value assumed, 3 study arms." */
function told(screen: Screen, row: Row): string {
  const how = screen.mechanisms[row[MECHANISM]];
  const studies = row[STUDIES] ? plural(row[STUDIES], "study arm") : "no study exists";
  const weakest = screen.evidence[row[EVIDENCE]];
  return `${ROUTES[row[ROUTE]]}: AUC × ${ratioText(row[RATIO])} (${inWords(row[RATIO])})${how ? `, above all ${how}` : ""}${weakest ? `, weakest value ${weakest}` : ""}, ${studies}. `;
}
