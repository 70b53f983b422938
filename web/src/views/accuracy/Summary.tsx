import { percent } from "../../ui/format";
import { figuresOf, type Point } from "./arms";

/** Figures of what is shown. */
export function Summary({ shown, all }: { shown: Point[]; all: Point[] }) {
  const figures = figuresOf(shown);
  return (
    <p className="arm-count" role="status">
      <strong>{shown.length}</strong> of {all.length} arms.
      {figures && (
        <span className="soft">
          {" "}
          GMFE {figures.gmfe.toFixed(2)}, bias {figures.bias.toFixed(2)}, {percent(figures.within(1.25))} within 1.25-fold,{" "}
          {percent(figures.within(2))} within 2-fold, {percent(figures.inGuest)} inside the Guest limits. Here each arm counts once; only
          arms of one drug on another are drawn, while the table also counts genotypes, juices and antacids.
        </span>
      )}
    </p>
  );
}
