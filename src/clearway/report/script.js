"use strict";
(() => {
  const number = (x) => (Math.abs(x) >= 1000 ? Math.round(x).toLocaleString("en") : Number(x.toPrecision(3)).toString());

  // keys that name an arm become buttons that hide it
  for (const key of document.querySelectorAll("[data-arm]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...key.childNodes);
    button.dataset.hides = key.dataset.arm;
    button.setAttribute("aria-pressed", "true");
    key.append(button);
    button.addEventListener("click", () => {
      const hidden = document.body.classList.toggle("hide-" + button.dataset.hides);
      for (const same of document.querySelectorAll(`[data-hides="${button.dataset.hides}"]`)) same.setAttribute("aria-pressed", String(!hidden));
    });
  }

  // columns sort by what they show, or by data-sort
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const value = (row, i) => row.cells[i].dataset.sort ?? row.cells[i].textContent.trim();
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        table.classList.add("sorted");
        const rows = [...body.rows].sort((a, b) => {
          const [x, y] = [value(a, i), value(b, i)];
          return isFinite(x) && isFinite(y) && x && y ? x - y : x.localeCompare(y);
        });
        body.append(...(down ? rows.reverse() : rows));
      });
    });
  }

  // a line across a chart of curves reads all of them at one time, by pointer or arrow keys
  for (const svg of document.querySelectorAll("svg[data-t]")) {
    const numbers = (text) => text.split(" ").map(Number);
    const times = numbers(svg.dataset.t);
    const [low, high, left, right] = numbers(svg.dataset.x);
    const [top, bottom] = numbers(svg.dataset.y);
    const offset = Number(svg.dataset.offset);
    const curves = [...svg.querySelectorAll(".curve")].map((path) => ({ path, name: path.dataset.name, values: numbers(path.dataset.v) }));
    const figure = svg.parentElement;
    const readout = document.createElement("div");
    readout.className = "readout";
    readout.setAttribute("role", "status");
    figure.append(readout);
    figure.tabIndex = 0;
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", svg.getAttribute("aria-label") + ". Arrow keys read the curves.");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "cross");
    let at = null;

    const when = (t) => {
      if (offset) return `${number(t - offset)} h after the dose`;
      if (high - low <= 96) return `${number(t)} h`;
      return `day ${Math.floor(t / 24) + 1}, ${number(t % 24)} h`;
    };
    const show = (t) => {
      at = Math.min(Math.max(t, low), high);
      let i = times.findIndex((x) => x >= at);
      i = i < 0 ? times.length - 1 : Math.max(i, 1);
      const part = times[i] > times[i - 1] ? (at - times[i - 1]) / (times[i] - times[i - 1]) : 0;
      const shown = curves.filter(({ path }) => getComputedStyle(path).visibility !== "hidden");
      readout.replaceChildren(when(at));
      for (const { name, values } of shown) {
        const value = values[i - 1] + part * (values[i] - values[i - 1]);
        readout.append(document.createElement("br"), `${name}: ${number(value)} ${svg.dataset.unit}`);
      }
      const x = left + ((at - low) / (high - low)) * (right - left);
      for (const [name, v] of [["x1", x], ["x2", x], ["y1", top], ["y2", bottom]]) line.setAttribute(name, v);
      svg.append(line);
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const beside = x * scale + 10;
      readout.style.left = Math.max(0, beside + readout.offsetWidth > figure.offsetWidth ? x * scale - 10 - readout.offsetWidth : beside) + "px";
      readout.style.top = top * scale + "px";
    };
    const hide = () => {
      at = null;
      line.remove();
      readout.replaceChildren();
    };
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      show(low + ((x - left) / (right - left)) * (high - low));
    };
    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerdown", point);
    svg.addEventListener("pointerleave", hide);
    figure.addEventListener("blur", hide);
    figure.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      show((at ?? (step > 0 ? low : high)) + (step * (high - low)) / 50);
    });
  }
})();
