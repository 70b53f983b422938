import { setTheme, useTheme, type Theme } from "../state/theme";
import { Button } from "../ui/Button";

const NEXT: Record<Theme, Theme> = { auto: "dark", dark: "light", light: "auto" };
const WORD: Record<Theme, string> = { auto: "as the system", dark: "dark", light: "light" };
const ICON = { auto: "auto", dark: "moon", light: "sun" } as const;

export function Header({ views, current, version }: { views: { name: string; title: string }[]; current: string; version?: string }) {
  const theme = useTheme();
  return (
    <header className="top">
      <div className="top-in">
        <a className="brand" href="#/case" aria-label="Clearway, to the case">
          <Mark />
          Clearway
        </a>
        <nav className="nav" aria-label="Views">
          {views.map(({ name, title }) => (
            <a key={name} href={`#/${name}`} aria-current={name === current ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div className="top-end">
          {version && <span className="fine soft">{version}</span>}
          <Button
            kind="quiet"
            icon={ICON[theme]}
            label={`Theme: ${WORD[theme]}; change to ${WORD[NEXT[theme]]}`}
            onClick={() => setTheme(NEXT[theme])}
          />
        </div>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0067a5" />
      <path d="M5 23C9 23 9 8 13 8s5 12 14 13" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
