import { useEffect, useState } from "react";
import { editCase } from "../../state/case";
import { setCourse } from "../../state/edits";

/** How long everything that repeats runs. */
export function Course({ days }: { days: number }) {
  const [text, setText] = useState(String(days));
  useEffect(() => setText(String(days)), [days]);
  const commit = () => {
    const wanted = Number.parseInt(text, 10);
    if (wanted >= 1 && wanted <= 365 && wanted !== days) editCase((before) => setCourse(before, wanted));
    else setText(String(days));
  };
  return (
    <label className="course">
      <span>Course</span>
      <input
        className="input"
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
      <span>days</span>
    </label>
  );
}
