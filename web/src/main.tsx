import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./style/tokens.css";
import "./style/base.css";
import "./ui/ui.css";
import "./style/shell.css";

createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);
