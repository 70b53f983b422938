import "./style/tokens.css";
import "./style/base.css";
import "./ui/ui.css";
import "./style/shell.css";
// what is common comes first, so that a view's own rules win
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
