import { ratioText, plural } from "../../ui/format";
import { fold, QUANTITY, type Point } from "./arms";

/** One arm in a sentence. */
export function Told({ point }: { point: Point }) {
  return (
    <>
      <strong>{point.title}</strong>: {QUANTITY[point.quantity]} of {point.compound} observed × {ratioText(point.observed)}, predicted ×{" "}
      {ratioText(point.predicted)} ({fold(point).toFixed(2)}-fold {point.predicted >= point.observed ? "above" : "below"});{" "}
      {point.fitted ? "fitted" : "not fitted"}
      {point.people ? `, ${plural(point.people, "person", "people")}` : ""}.
    </>
  );
}
