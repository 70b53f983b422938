export default function View(_: { path: string[] }) {
  return <h1>Matrix</h1>;
}
