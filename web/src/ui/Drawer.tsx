import { useEffect, useRef } from "react";
import { closeDrawer, useDrawer } from "../state/drawer";
import { Button } from "./Button";

/** The page's one drawer; filled by `openDrawer(title, body)`. A native modal dialog: focus stays inside, Escape closes and focus returns. */
export function Drawer() {
  const content = useDrawer();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (content && !dialog.current?.open) dialog.current?.showModal();
    if (!content && dialog.current?.open) dialog.current.close();
  }, [content]);
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-labelledby="drawer-title"
      onClose={closeDrawer}
      onClick={(event) => {
        if (event.target === dialog.current) closeDrawer();
      }}
    >
      <header>
        <h2 id="drawer-title">{content?.title}</h2>
        <Button kind="quiet" small icon="close" label="Close" onClick={closeDrawer} />
      </header>
      <div className="body" tabIndex={0} role="group" aria-labelledby="drawer-title">
        {content?.body}
      </div>
    </dialog>
  );
}
