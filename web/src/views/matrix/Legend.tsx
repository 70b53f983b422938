import { STEPS } from "./scale";

/** The steps of colour in words, fall to rise. */
export function Legend({ dots }: { dots: boolean }) {
  return (
    <ul className="map-legend" aria-label="Colours: change of the affected drug's AUC">
      <li className="end">falls ←</li>
      {STEPS.map((step) => (
        <li key={step.name}>
          <i className={step.name} />
          {step.text}
        </li>
      ))}
      <li className="end">→ rises</li>
      {dots && (
        <li>
          <i className="studied" />a clinical study of the pair exists
        </li>
      )}
    </ul>
  );
}
