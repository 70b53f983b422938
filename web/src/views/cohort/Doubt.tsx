/** The two kinds of "between": people differ, and the model may be wrong. */
export function Doubt() {
  return (
    <p className="note">
      <strong>Spread is not doubt.</strong> The percentiles here say how far people differ from each other. The interval beside an answer in
      Case says how far the model may be wrong for one person, because its values are uncertain. Neither contains the other: a narrow spread
      can be wrong for everybody.
    </p>
  );
}
