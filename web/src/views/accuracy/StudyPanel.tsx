import { useEffect, useRef } from "react";
import type { Study } from "../../api/types";
import { useGet } from "../../api/use";
import { Facts } from "../../ui/Facts";
import { ratioText } from "../../ui/format";
import { Loading, Problems } from "../../ui/Message";
import { Outside } from "../../ui/Outside";
import { fold, guest, QUANTITY, type Point } from "./arms";
import { Doses } from "./Doses";
import { assumption, genes, peopleText, type StudyFile } from "./study";

/** One study: what was given to whom, what was seen, what is predicted, where it is published. */
export function StudyPanel({ id, arms }: { id: string; arms: Point[] }) {
  const { data, problems, loading } = useGet<Study>(`/api/studies/${encodeURIComponent(id)}`);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), [id]);
  const study = data?.study as StudyFile | undefined;
  return (
    <section className="card study-panel stack" aria-labelledby="study-title">
      <div className="row between nowrap-row">
        <h2 id="study-title" tabIndex={-1} ref={head}>
          {study?.title ?? arms[0]?.title ?? id}
        </h2>
        <a className="button small quiet" href="#/accuracy">
          Close
        </a>
      </div>
      {loading && <Loading>Reading the study…</Loading>}
      <Problems problems={problems} />
      {arms.map((arm) => (
        <Compared key={arm.quantity + arm.compound} arm={arm} />
      ))}
      {study && <Body study={study} simulated={arms.length > 0} />}
    </section>
  );
}

function Compared({ arm }: { arm: Point }) {
  const off = fold(arm);
  const interval =
    arm.observed_low !== null && arm.observed_high !== null ? ` (${ratioText(arm.observed_low)}–${ratioText(arm.observed_high)})` : "";
  return (
    <div className="compared">
      <p className="soft small">
        {QUANTITY[arm.quantity]} ratio of {arm.compound}
        {arm.route && `, ${arm.route}`}
      </p>
      <p>
        <span>observed</span>
        <strong>× {ratioText(arm.observed)}</strong>
        <span className="soft">{interval}</span>
      </p>
      <p>
        <span>predicted</span>
        <strong>× {ratioText(arm.predicted)}</strong>
        {arm.fitted ? <span className="tag fitted">fitted</span> : <span className="soft small">not fitted</span>}
      </p>
      <p>
        <span>off by</span>
        <strong>{off.toFixed(2)}-fold</strong>
        <span className="soft small">
          {arm.predicted >= arm.observed ? "above" : "below"}, {off <= guest(arm.observed) ? "inside" : "outside"} the Guest limits (×{" "}
          {guest(arm.observed).toFixed(2)})
        </span>
      </p>
    </div>
  );
}

function Body({ study, simulated }: { study: StudyFile; simulated: boolean }) {
  const { measured, observed, source } = study;
  const window = [
    measured.auc && `AUC ${measured.auc}`,
    measured.after_dose && `after ${measured.after_dose === "last" ? "the last dose" : `dose ${measured.after_dose}`}`,
    measured.from && `from ${measured.from}`,
    measured.until && `until ${measured.until}`,
  ];
  return (
    <>
      {!study.usable && <p className="note">Not simulated: {study.why_not}</p>}
      <Doses name="Given in both arms" doses={study.doses} />
      {study.control?.doses && <Doses name="Control arm" doses={study.control.doses} />}
      {study.test?.doses && <Doses name="Test arm" doses={study.test.doses} />}
      {study.perpetrator?.length ? <Doses name="Added in the test arm" doses={study.perpetrator} /> : null}
      <Facts
        of={[
          ["Study", `${study.id}, ${study.pair}`],
          ["People", peopleText(study.people) || "not said"],
          [
            "Control people",
            [peopleText(study.control?.people), genes(study.control?.genotype), study.control?.condition].filter(Boolean).join(", "),
          ],
          ["Test people", [peopleText(study.test?.people), genes(study.test?.genotype), study.test?.condition].filter(Boolean).join(", ")],
          ["Genotype", genes(study.genotype)],
          ["Measured", `${measured.compound}: ${window.filter(Boolean).join(", ")}`],
          [
            "Observed",
            !simulated &&
              observed.auc_ratio !== null &&
              `AUC × ${ratioText(observed.auc_ratio)}; not among the arms of this page, so without a prediction here`,
          ],
          [
            "Also observed",
            [
              observed.cmax_ratio !== null && `Cmax × ${ratioText(observed.cmax_ratio)}`,
              observed.cmin_ratio !== null && `Cmin × ${ratioText(observed.cmin_ratio)}`,
            ]
              .filter(Boolean)
              .join(", "),
          ],
          ["Interval", observed.interval && `${observed.interval} of the observed ratio`],
          ["PK-Sim predicts", study.peer?.osp_auc_ratio != null && `AUC × ${ratioText(study.peer.osp_auc_ratio)}`],
          ["Source", source.reference],
          ["Address", <Outside href={source.address} />],
          ["Read with", `${source.confidence} confidence`],
        ]}
      />
      {study.assumed?.length ? (
        <div>
          <h3>Assumed, since the source does not say</h3>
          <ul className="small">
            {study.assumed.map((entry, i) => (
              <li key={i}>{assumption(entry)}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}
