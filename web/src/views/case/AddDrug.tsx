import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Arm, Drug } from "../../api/types";
import { editCase, useCase } from "../../state/case";
import { addDrug, entriesOf, otherArm } from "../../state/edits";
import { searchDrugs } from "../../state/search";
import { useStart } from "../../state/start";
import { Icon } from "../../ui/Icon";
import { Segmented } from "../../ui/Segmented";
import { Suggestion } from "./Suggestion";

const ARM_NAME: Record<Arm, string> = { regimen: "Takes", compare: "Starts" };

/** The search for drugs: type, choose, it is in the list. The first drug goes to Takes, the next to Starts, until the user says which. */
export function AddDrug() {
  const { drugs } = useStart();
  const doc = useCase();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useState<Arm | null>(null);
  const [told, setTold] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const empty = entriesOf(doc, "regimen").length + entriesOf(doc, "compare").length === 0;
  const arm = (empty ? null : chosen) ?? (entriesOf(doc, "regimen").length ? "compare" : "regimen");
  const found = useMemo(() => searchDrugs(drugs, text), [drugs, text]);
  const shown = open && text.trim() !== "";

  const pick = (drug: Drug, to: Arm) => {
    editCase((before) => addDrug(before, drug, to));
    setText("");
    setOpen(false);
    setTold(`${drug.label} added to ${ARM_NAME[to]}${drug.usual ? `, ${drug.usual.dose} ${drug.usual.route}` : ""}`);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const count = found.length;
    if (event.key === "ArrowDown" && count) {
      setOpen(true);
      setActive(shown ? (active + 1) % count : 0);
    } else if (event.key === "ArrowUp" && count) setActive((active - 1 + count) % count);
    else if (event.key === "Enter" && shown && found[active]) pick(found[active].drug, event.shiftKey ? otherArm(arm) : arm);
    else if (event.key === "Escape" && (shown || text)) {
      if (shown) setOpen(false);
      else setText("");
    } else return;
    event.preventDefault();
  };

  return (
    <div className="add">
      <div className="add-box">
        <Icon name="search" />
        <input
          id="add-drug"
          ref={input}
          className="input"
          type="text"
          role="combobox"
          aria-label="Add a drug"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown && found[active] ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          placeholder="Add a drug: name, brand or class"
          value={text}
          onKeyDown={onKey}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
            setOpen(true);
          }}
        />
        <div className="suggestions" hidden={!shown} onPointerDown={(event) => event.preventDefault()}>
          <ul id={`${id}-list`} role="listbox" aria-label="Drugs found">
            {shown &&
              found.map((item, i) => (
                <Suggestion
                  key={item.drug.id}
                  id={`${id}-${i}`}
                  found={item}
                  query={text}
                  active={i === active}
                  onPick={() => pick(item.drug, arm)}
                  onPoint={() => setActive(i)}
                />
              ))}
          </ul>
          {shown && !found.length && <p className="none">No drug, brand or class in the library is called “{text.trim()}”.</p>}
          {found.length > 0 && (
            <p className="how">
              <span>
                <kbd>Enter</kbd> adds to {ARM_NAME[arm]}
              </span>
              <span>
                <kbd>Shift</kbd>+<kbd>Enter</kbd> to {ARM_NAME[otherArm(arm)]}
              </span>
            </p>
          )}
        </div>
      </div>
      {!empty && (
        <Segmented
          name="Add to"
          value={arm}
          onChange={setChosen}
          options={[
            ["regimen", "to Takes"],
            ["compare", "to Starts"],
          ]}
        />
      )}
      <span className="sr-only" role="status">
        {shown ? `${found.length} found` : told}
      </span>
    </div>
  );
}
