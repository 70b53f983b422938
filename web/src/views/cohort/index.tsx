export default function View(_: { path: string[] }) {
  return <h1>Cohort</h1>;
}
