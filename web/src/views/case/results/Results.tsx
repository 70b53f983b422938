import { useEffect, useRef, useState } from "react";
import type { CaseDoc } from "../../../api/types";
import { simulate, useRun, useStale } from "../../../state/run";
import { Button } from "../../../ui/Button";
import { Segmented } from "../../../ui/Segmented";
import { AnswerCard } from "./AnswerCard";
import { CurvesCard } from "./CurvesCard";
import { EnzymesCard } from "./EnzymesCard";
import { EvidenceCard } from "./EvidenceCard";
import { ExposureCard } from "./ExposureCard";
import { FlagsCard } from "./FlagsCard";
import { MissedCard } from "./MissedCard";
import { StudiesCard } from "./StudiesCard";
import { ThresholdsCard } from "./ThresholdsCard";
import { UnknownCard } from "./UnknownCard";
import { explained, WhyCard } from "./WhyCard";

let shown: CaseDoc | null = null;

/** The answer first, then why, how sure, on what evidence, what is unknown. */
export function Results() {
  const { answer: forward, reverse, missed, of } = useRun();
  const [direction, setDirection] = useState<"forward" | "reverse">("forward");
  const stale = useStale();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (of === shown) return; // only a new answer comes into sight, not an old one on return to this view
    shown = of;
    top.current?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth", block: "start" });
  }, [of]);
  if (!forward) return null;
  const answer = direction === "reverse" && reverse ? reverse : forward;
  const few = answer.rows.filter((row) => !row.part_of).length === 1 && explained(answer).length > 0;
  return (
    <div className={stale ? "results stale" : "results"} ref={top}>
      {stale && (
        <div className="note stale-note" role="status">
          <span>The case has changed since this answer.</span>{" "}
          <Button small onClick={() => void simulate()}>
            Simulate again
          </Button>
        </div>
      )}
      <AnswerCard answer={forward} reverse={reverse} />
      {reverse && (
        <div className="row direction no-print">
          <span className="small soft">Details of</span>
          <Segmented
            name="Direction of the details"
            value={direction}
            onChange={setDirection}
            options={[
              ["forward", "what is taken"],
              ["reverse", "what is added"],
            ]}
          />
        </div>
      )}
      <FlagsCard answer={answer} />
      <div className={few ? "two" : "one"}>
        <CurvesCard answer={answer} />
        {answer.ratios.length > 0 && <WhyCard answer={answer} />}
      </div>
      <EnzymesCard answer={answer} />
      {missed && missed.length > 0 && <MissedCard rows={missed} answer={forward} />}
      <ExposureCard answer={answer} />
      <ThresholdsCard answer={answer} />
      <StudiesCard answer={answer} />
      <EvidenceCard answer={answer} />
      <UnknownCard answer={answer} />
    </div>
  );
}
