import { useRef, useState } from "react";
import { problemsOf } from "../../api/client";
import type { Problem } from "../../api/types";
import { hasDrugs, redoCase, undoCase, useCase, useHistory } from "../../state/case";
import { newCase, openCase, saveCase, saveReport } from "../../state/files";
import { Button } from "../../ui/Button";
import { Problems } from "../../ui/Message";

/** What one does with the case as a whole. */
export function Toolbar({ onHelp }: { onHelp: () => void }) {
  const { canUndo, canRedo } = useHistory();
  const filled = hasDrugs(useCase());
  const file = useRef<HTMLInputElement>(null);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [busy, setBusy] = useState("");
  const act = async (what: string, work: () => Promise<Problem[] | void>) => {
    setBusy(what);
    try {
      setProblems((await work()) ?? []);
    } catch (error) {
      setProblems(problemsOf(error));
    }
    setBusy("");
  };
  return (
    <>
      <div className="tools" role="toolbar" aria-label="Case">
        <Button kind="quiet" small icon="file" onClick={newCase} disabled={!filled}>
          New
        </Button>
        <Button kind="quiet" small icon="open" onClick={() => file.current?.click()}>
          Open
        </Button>
        <Button kind="quiet" small icon="save" disabled={!filled} onClick={() => void act("save", saveCase)}>
          Save
        </Button>
        <i className="sep" />
        <Button kind="quiet" small icon="undo" label="Undo" disabled={!canUndo} onClick={undoCase} />
        <Button kind="quiet" small icon="redo" label="Redo" disabled={!canRedo} onClick={redoCase} />
        <i className="sep" />
        <span className="small soft">Report</span>
        <Button
          kind="quiet"
          small
          label="Report as HTML"
          disabled={!filled || busy !== ""}
          onClick={() => void act("html", () => saveReport("html"))}
        >
          {busy === "html" ? "…" : "HTML"}
        </Button>
        <Button
          kind="quiet"
          small
          label="Report as PDF"
          disabled={!filled || busy !== ""}
          onClick={() => void act("pdf", () => saveReport("pdf"))}
        >
          {busy === "pdf" ? "…" : "PDF"}
        </Button>
        <Button kind="quiet" small icon="print" label="Print" onClick={() => print()} />
        <Button kind="quiet" small icon="help" label="Keyboard and help" onClick={onHelp} />
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml"
          hidden
          aria-label="Case file"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen) void act("open", async () => openCase(await chosen.text()));
          }}
        />
      </div>
      {problems.length > 0 && (
        <div className="tool-problems">
          <Problems problems={problems} />
          <Button kind="quiet" small icon="close" label="Dismiss" onClick={() => setProblems([])} />
        </div>
      )}
    </>
  );
}
