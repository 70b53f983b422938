import { useEffect, useRef } from "react";
import { Button } from "../../ui/Button";

const KEYS: [string, string][] = [
  ["/", "to the search for drugs"],
  ["↑ ↓ Enter", "choose a suggestion; Shift+Enter adds to the other list"],
  ["Ctrl+Enter", "simulate"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["Tab", "to a drug's row on the timeline, then:"],
  ["↑ ↓ Home End", "the dose before, the next, the first, the last"],
  ["← →", "the whole series one hour earlier, later; with Alt this dose alone; with Shift six hours"],
  ["S or Delete", "skip this dose, or take it again"],
  ["C", "copy this dose"],
  ["Arrow keys", "between the cells of the pairs; Enter opens a pair"],
];

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="help-title" onClose={onClose}>
      <div className="row between">
        <h2 id="help-title">Keyboard and help</h2>
        <Button kind="quiet" small icon="close" label="Close" onClick={onClose} />
      </div>
      <p className="say">
        Takes: what the person takes anyway, in both arms. Starts: what is added, in the second arm only. The answer compares the two.
      </p>
      <dl className="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="say">
        Doses can be dragged with the pointer as well; Alt moves one dose alone. The case stays in this page: save it as a file to keep or
        share it.
      </p>
    </dialog>
  );
}
