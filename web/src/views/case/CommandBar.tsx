import { hasDrugs, useCase } from "../../state/case";
import { cancelRun, simulate, useRun, useStale } from "../../state/run";
import { Button } from "../../ui/Button";
import { AddDrug } from "./AddDrug";
import { RunStatus } from "./RunStatus";
import { Toolbar } from "./Toolbar";

/** One row: type a drug, press Simulate. */
export function CommandBar({ onHelp }: { onHelp: () => void }) {
  const ready = hasDrugs(useCase());
  const running = useRun().status === "running";
  const stale = useStale();
  return (
    <div className="command no-print">
      <AddDrug />
      {running ? (
        <Button icon="stop" className="go" onClick={cancelRun}>
          Cancel
        </Button>
      ) : (
        <Button
          kind="primary"
          icon="play"
          className="go"
          disabled={!ready}
          onClick={() => void simulate()}
          title={stale ? "The case has changed since the answer below" : "Ctrl+Enter"}
        >
          Simulate
        </Button>
      )}
      <Toolbar onHelp={onHelp} />
      <RunStatus />
    </div>
  );
}
