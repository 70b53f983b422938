import type { Screen } from "../../api/types";
import { useGet } from "../../api/use";
import { Problems } from "../../ui/Message";
import { Matrix } from "./Matrix";
import "./matrix.css";
import { Waiting } from "./Waiting";

/** All pairs of the library as a heat map. */
export default function View(_: { path: string[] }) {
  const { data, problems, loading } = useGet<Screen>("/api/screen");
  return (
    <div className="stack matrix">
      <header>
        <h1>Matrix</h1>
        <p className="say">
          What each drug of the library, at a usual dose and at steady state, does to the exposure (AUC) of every other: a static screen in
          the reference adult. Pairs that change less than 1.25-fold stay blank.
        </p>
      </header>
      {loading && <Waiting />}
      <Problems problems={problems} />
      {data && <Matrix screen={data} />}
    </div>
  );
}
