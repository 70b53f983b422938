import type { StudyArm } from "../../api/types";
import { StudiesTable } from "../../ui/StudiesTable";

const AT_ONCE = 8;

/** Study arms, folded where they are many. */
export function Arms({ title, name, arms }: { title: string; name: string; arms: StudyArm[] }) {
  if (!arms.length) return null;
  return (
    <section className="card">
      <details open={arms.length <= AT_ONCE}>
        <summary>
          <h2>
            {title} <span className="soft">({arms.length})</span>
          </h2>
        </summary>
        <StudiesTable name={`${title}: ${name}`} arms={arms} />
      </details>
    </section>
  );
}
