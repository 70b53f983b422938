/** A published address in plain text; followed only if the reader clicks, and without telling where from. */
export function Outside({ href, children }: { href: string; children?: string }) {
  if (!/^https?:\/\//.test(href)) return <>{children ?? href}</>;
  return (
    <a href={href} target="_blank" rel="noreferrer" className="outside">
      {children ?? href.replace(/^https?:\/\/(www\.)?/, "")}
      <span className="sr-only"> (outside Clearway)</span>
    </a>
  );
}
