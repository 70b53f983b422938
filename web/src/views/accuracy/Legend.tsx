/** What the marks and lines of the scatter mean. */
export function Legend() {
  return (
    <ul className="legend scatter-legend" aria-label="Legend">
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <circle className="dot" cx="14" cy="5" r="3.8" />
        </svg>
        not fitted
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path className="dot fitted" d="M14,.6l4.4,4.4l-4.4,4.4l-4.4,-4.4z" />
        </svg>
        fitted
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path className="edge-2" d="M0,5H28" />
        </svg>
        2-fold
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path className="edge-guest" d="M0,5H28" />
        </svg>
        Guest 2011, δ = 1
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path className="band-125" d="M0,0H28V10H0z" />
        </svg>
        1.25-fold
      </li>
    </ul>
  );
}
