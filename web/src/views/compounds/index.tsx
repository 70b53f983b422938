import type { CompoundCard } from "../../api/types";
import { useGet } from "../../api/use";
import { useDrugs } from "../../state/start";
import { Loading, Problems } from "../../ui/Message";
import { Card } from "./Card";
import "./compounds.css";
import { List } from "./List";
import { Parts } from "./Parts";

/** The library: `#/compounds` lists it, `#/compounds/methadone-r` is one card, and a product leads to its compounds. */
export default function View({ path }: { path: string[] }) {
  const [id] = path;
  const { data, problems, loading } = useGet<{ compounds: CompoundCard[] }>("/api/compounds");
  const product = useDrugs().get(id ?? "");
  const card = data?.compounds.find((one) => one.id === id);
  return (
    <div className="stack compounds">
      {id === undefined && (
        <header>
          <h1>Compounds</h1>
          <p className="say">
            Every value of the library with its kind of evidence and its source: measured, computed, fitted, or assumed with a reason.
          </p>
        </header>
      )}
      {loading && <Loading>Reading the library…</Loading>}
      <Problems problems={problems} />
      {data && id === undefined && <List cards={data.compounds} />}
      {data && id !== undefined && (card ? <Card key={id} summary={card} /> : <Parts name={id} product={product} cards={data.compounds} />)}
    </div>
  );
}
