import { Component, lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import type { Start } from "./api/types";
import { useGet } from "./api/use";
import { useRoute } from "./route";
import { Footer } from "./shell/Footer";
import { Header } from "./shell/Header";
import { StartContext } from "./state/start";
import { closeDrawer } from "./state/drawer";
import { Drawer } from "./ui/Drawer";
import { Loading, Problems } from "./ui/Message";
import CaseView from "./views/case";

const VIEWS = {
  case: { title: "Case", View: CaseView },
  matrix: { title: "Matrix", View: lazy(() => import("./views/matrix")) },
  compounds: { title: "Compounds", View: lazy(() => import("./views/compounds")) },
  accuracy: { title: "Accuracy", View: lazy(() => import("./views/accuracy")) },
  cohort: { title: "Cohort", View: lazy(() => import("./views/cohort")) },
};
export type ViewName = keyof typeof VIEWS;
export const TITLES = Object.entries(VIEWS).map(([name, view]) => ({ name: name as ViewName, title: view.title }));

export function App() {
  const [first = "case", ...path] = useRoute();
  const name: ViewName = first in VIEWS ? (first as ViewName) : "case";
  const { View, title } = VIEWS[name];
  const { data: start, problems } = useGet<Start>("/api/start");
  const main = useRef<HTMLElement>(null);
  const shown = useRef(name);
  useEffect(closeDrawer, [name, path.join("/")]); // a link in the drawer leads away from it
  useEffect(() => {
    document.title = name === "case" ? "Clearway" : `${title} – Clearway`;
    if (shown.current !== name) main.current?.focus(); // a new view is announced; the first one leaves focus alone
    shown.current = name;
  }, [name, title]);
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <Header views={TITLES} current={name} version={start?.version} />
      <main id="main" tabIndex={-1} ref={main}>
        <Guard key={name}>
          {start ? (
            <StartContext value={start}>
              <Suspense fallback={<Loading />}>
                <View path={path} />
              </Suspense>
              <Drawer />
            </StartContext>
          ) : problems.length ? (
            <Problems problems={problems} />
          ) : (
            <Loading>Reading the library…</Loading>
          )}
        </Guard>
      </main>
      <Footer disclaimer={start?.disclaimer} />
    </div>
  );
}

/** A view that breaks says so and leaves the others usable. */
class Guard extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state as { error: Error | null };
    return error ? (
      <Problems
        problems={[
          {
            message: `This view failed (${error.message}). The case is still there; reload only after saving it.`,
            path: "",
            line: 0,
            column: 0,
          },
        ]}
      />
    ) : (
      this.props.children
    );
  }
}
