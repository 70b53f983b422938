import { useEffect, useRef, useState } from "react";
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
import { WhyCard } from "./WhyCard";

/** The answer first, then why, how sure, on what evidence, what is unknown. */
export function Results() {
  const { answer: forward, reverse, missed, of } = useRun();
  const [direction, setDirection] = useState<"forward" | "reverse">("forward");
  const stale = useStale();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => { top.current?.scrollIntoView({ behavior: "smooth", block: "start" }); }, [of]); // a new answer comes into sight
  if (!forward) return null;
  const answer = direction === "reverse" && reverse ? reverse : forward;
  return (
    <div className={stale ? "results stale" : "results"} ref={top}>
      {stale && (
        <div className="note stale-note" role="status">
          <span>The case has changed since this answer.</span> <Button small onClick={() => void simulate()}>Simulate again</Button>
        </div>
      )}
      <AnswerCard answer={forward} reverse={reverse} />
      {reverse && (
        <div className="row direction no-print">
          <span className="small soft">Details of</span>
          <Segmented name="Direction of the details" value={direction} onChange={setDirection} options={[{ value: "forward", label: "what is taken" }, { value: "reverse", label: "what is added" }]} />
        </div>
      )}
      <FlagsCard answer={answer} />
      <CurvesCard answer={answer} />
      <div className="two">
        <WhyCard answer={answer} />
        <EnzymesCard answer={answer} />
      </div>
      {missed && missed.length > 0 && <MissedCard rows={missed} />}
      <ExposureCard answer={answer} />
      <ThresholdsCard answer={answer} />
      <StudiesCard answer={answer} />
      <EvidenceCard answer={answer} />
      <UnknownCard answer={answer} />
    </div>
  );
}
