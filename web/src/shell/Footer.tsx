/** Always in sight: what this is for. */
export function Footer({ disclaimer }: { disclaimer?: string }) {
  return (
    <footer className="foot">
      <p>{disclaimer ?? "For research and education. It informs a professional and is no rule for a dose."}</p>
    </footer>
  );
}
