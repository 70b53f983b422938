import { useEffect, useState } from "react";
import { Loading } from "../../ui/Message";

/** The first screen takes the server some seconds; afterwards it is kept. */
export function Waiting() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((s) => s + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="card">
      <Loading>Predicting every pair of the library…</Loading>
      <p className="say">
        The first time this takes about 6 seconds; then it is kept while the server runs.
        <span aria-hidden="true"> {seconds > 1 && `${seconds} s so far.`}</span>
      </p>
    </div>
  );
}
