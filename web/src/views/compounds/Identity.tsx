import type { Compound } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { cardHash } from "./list";

/** What the compound is called elsewhere, in which products it is, how it is scheduled, and remarks. */
export function Identity({ compound }: { compound: Compound }) {
  return (
    <aside className="stack" aria-label="Identity and remarks">
      <section className="card">
        <h2>Identity</h2>
        <Facts
          of={[
            ["In the library", <code>{compound.id}</code>],
            ...Object.entries(compound.identifiers).map(([name, value]): [string, string] => [name, value]),
          ]}
        />
      </section>
      {compound.schedules.length > 0 && (
        <section className="card">
          <h2>Schedules</h2>
          <Facts
            of={compound.schedules.map((s): [string, React.ReactNode] => [
              s.where,
              <>
                {s.level} <span className="soft">as of {s.date}</span>
              </>,
            ])}
          />
        </section>
      )}
      {compound.products.length > 0 && (
        <section className="card">
          <h2>Products</h2>
          <ul className="plain-list">
            {compound.products.map((product) => (
              <li key={product.id}>
                {product.label}
                {product.brands.length > 0 && <span className="soft"> ({product.brands.join(", ")})</span>}
                {product.parts.length > 1 && (
                  <div className="small">
                    with{" "}
                    {product.parts
                      .filter((part) => part !== compound.id)
                      .map((part, i) => (
                        <span key={part}>
                          {i > 0 && ", "}
                          <a href={cardHash(part)}>{part}</a>
                        </span>
                      ))}
                  </div>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {compound.note && (
        <section className="card">
          <h2>Remarks</h2>
          <p className="small">{compound.note}</p>
        </section>
      )}
    </aside>
  );
}
