import { useEffect, useState } from "react";
import { hasDrugs, redoCase, undoCase, useCase } from "../../state/case";
import { useKeepChecked } from "../../state/check";
import { simulate, useRun } from "../../state/run";
import { CommandBar } from "./CommandBar";
import { Empty } from "./Empty";
import { HelpDialog } from "./HelpDialog";
import { Pairs } from "./Pairs";
import { PersonPanel } from "./PersonPanel";
import { Regimen } from "./Regimen";
import { Results } from "./results/Results";
import { Timeline } from "./Timeline";
import "./case.css";

/** The question above (who, takes what, starts what), the answer below. */
export default function View(_: { path: string[] }) {
  const doc = useCase();
  const { answer } = useRun();
  const [help, setHelp] = useState(false);
  useKeepChecked();
  useShortcuts(() => setHelp(true));
  const filled = hasDrugs(doc);
  return (
    <div className="case">
      <h1 className="sr-only">Case</h1>
      <CommandBar onHelp={() => setHelp(true)} />
      <div className="bench">
        <div className="stack">
          {filled ? <Regimen /> : <Empty />}
          <PersonPanel />
        </div>
        {filled && (
          <div className="stack">
            <Pairs />
            <Timeline />
          </div>
        )}
      </div>
      {answer && <Results />}
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** Undo and redo anywhere but while typing (there they belong to the field), Ctrl+Enter, `/` and `?`. */
function useShortcuts(onHelp: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox],[type=radio]), textarea, select");
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "enter") void simulate();
      else if (typing || document.querySelector("dialog[open]")) return;
      else if (command && key === "z") (event.shiftKey ? redoCase : undoCase)();
      else if (command && key === "y") redoCase();
      else if (key === "/" && !command) document.getElementById("add-drug")?.focus();
      else if (key === "?") onHelp();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [onHelp]);
}
