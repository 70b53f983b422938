import { doseText, type Dose } from "./study";

/** The doses of one arm, a drug a line. */
export function Doses({ name, doses }: { name: string; doses: Dose[] }) {
  return (
    <div>
      <h3>{name}</h3>
      <ul className="plain-list">
        {doses.map((dose, i) => (
          <li key={i}>
            <a href={`#/compounds/${encodeURIComponent(dose.drug)}`}>{dose.drug}</a> {doseText(dose)}
          </li>
        ))}
      </ul>
    </div>
  );
}
