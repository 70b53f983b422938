import { useDeferredValue, useEffect, useMemo, useRef } from "react";
import type { Accuracy } from "../../api/types";
import { useGet } from "../../api/use";
import { makeStore } from "../../state/store";
import { Loading, Problems } from "../../ui/Message";
import "./accuracy.css";
import { ArmList } from "./ArmList";
import { NO_FILTERS, points, selected, studyHash, type Point } from "./arms";
import { FiguresTable } from "./FiguresTable";
import { Filters } from "./Filters";
import { Legend } from "./Legend";
import { Scatter } from "./Scatter";
import { StudyPanel } from "./StudyPanel";
import { Summary } from "./Summary";

const kept = makeStore(NO_FILTERS);

/** Predicted against observed: `#/accuracy`, with one study open beside it `#/accuracy/L043`. */
export default function View({ path }: { path: string[] }) {
  const { data, problems, loading } = useGet<Accuracy>("/api/accuracy");
  const open = path[0] ?? null;
  return (
    <div className="stack accuracy">
      <header>
        <h1>Accuracy</h1>
        <p className="say">
          Every usable arm of a clinical study whose compounds are in the library, simulated in the study's own design: the predicted ratio
          with/without the perpetrator against the observed one.
        </p>
      </header>
      {loading && <Loading>Reading the study arms…</Loading>}
      <Problems problems={problems} />
      {data && <Page data={data} open={open} />}
    </div>
  );
}

function Page({ data, open }: { data: Accuracy; open: string | null }) {
  const filters = kept.use();
  const chosen = useDeferredValue(filters);
  const all = useMemo(() => points(data.arms), [data]);
  const shown = useMemo(() => selected(all, chosen), [all, chosen]);
  const before = useRef(open);
  useEffect(() => {
    if (before.current !== null && open === null) document.querySelector<HTMLElement>(".plot-window")?.focus({ preventScroll: true }); // closed: back to the points
    before.current = open;
  }, [open]);
  const show = (point: Point) => {
    location.hash = studyHash(point.id);
  };
  const list = <ArmList key={JSON.stringify(chosen)} shown={shown} />;
  return (
    <>
      {open === null && <FiguresTable figures={data.figures} />}
      <Filters filters={filters} onChange={kept.set} />
      <Summary shown={shown} all={all} />
      <div className={open === null ? "beside" : "beside open"}>
        <section className="card" aria-label="Predicted against observed">
          <Scatter all={all} shown={shown} open={open} onOpen={show} />
          <Legend />
        </section>
        {open === null ? list : <StudyPanel key={open} id={open} arms={all.filter((point) => point.id === open)} />}
      </div>
      {open !== null && list}
    </>
  );
}
