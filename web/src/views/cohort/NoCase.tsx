/** Without drugs there is nothing to run. */
export function NoCase() {
  return (
    <section className="card">
      <h2>No case yet</h2>
      <p>
        A cohort takes the drugs and the person of the page's case. <a href="#/case">Build or open one in Case</a>, then come back.
      </p>
    </section>
  );
}
