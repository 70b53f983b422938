import { useEffect, useRef } from "react";
import type { Compound, CompoundCard } from "../../api/types";
import { useGet } from "../../api/use";
import { Loading, Problems } from "../../ui/Message";
import { Arms } from "./Arms";
import { Block } from "./Block";
import { EvidenceBar } from "./EvidenceBar";
import { EvidenceKey } from "./EvidenceKey";
import { Identity } from "./Identity";
import { isMetabolite } from "./list";
import { References } from "./References";
import { Single } from "./Single";

/** One compound with everything that the library holds of it. */
export function Card({ summary }: { summary: CompoundCard }) {
  const { data, problems, loading } = useGet<Compound>(`/api/compounds/${encodeURIComponent(summary.id)}`);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header className="stack card-head">
        <p className="small">
          <a href="#/compounds">All compounds</a>
        </p>
        <h1 tabIndex={-1} ref={head}>
          {summary.label}
          {isMetabolite(summary) && <span className="tag metabolite">metabolite</span>}
        </h1>
        <p className="soft">{summary.classes.join(", ")}</p>
        <EvidenceBar counts={summary.evidence} />
        <EvidenceKey />
      </header>
      {loading && <Loading>Reading the card…</Loading>}
      <Problems problems={problems} />
      {data && (
        <div className="card-columns">
          <div className="stack">
            {data.blocks.map((block) => (
              <Block key={block.heading} heading={block.heading} rows={block.rows} references={data.references} />
            ))}
            <Single rows={data.single} />
            <Arms title="Study arms as victim" name={data.label} arms={data.victim_arms} />
            <Arms title="Study arms as perpetrator" name={data.label} arms={data.perpetrator_arms} />
            <References references={data.references} />
          </div>
          <Identity compound={data} />
        </div>
      )}
    </>
  );
}
