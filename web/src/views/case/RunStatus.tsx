import { useRun } from "../../state/run";
import { ProgressBar, Problems } from "../../ui/Message";
import { capital } from "../../ui/format";

/** The running simulation, and why it stopped where it did. */
export function RunStatus() {
  const { status, progress, problems, seconds, answer } = useRun();
  const said =
    status === "done"
      ? `Simulated${seconds ? ` in ${seconds.toFixed(1)} s` : ""}. ${answer?.answer[0] ?? ""}`
      : status === "cancelled"
        ? "Cancelled"
        : status === "running"
          ? "Simulating"
          : "";
  return (
    <div className="run-status no-print">
      <span className="sr-only" role="status">
        {said}
      </span>
      {status === "running" && progress && (
        <div className="running">
          <ProgressBar label={capital(progress.stage)} done={progress.done} of={progress.of} />
        </div>
      )}
      {status === "failed" && <Problems problems={problems} />}
      {status === "cancelled" && <p className="soft small">Cancelled.{answer ? " Shown below is what had come before." : ""}</p>}
    </div>
  );
}
