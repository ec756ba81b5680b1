"use strict";
// Draws the page's charts by uPlot, from the numbers in #data: tables by step, and charts whose lines name a column.
(() => {
  const COLORS = 8;
  const DASHES = [[], [7, 4], [2, 3]];
  const HEIGHT = 220;
  const PRINTED = {width: 308, height: 150};
  // so few that each is marked
  const FEW = 60;
  // distances of marks on horizontal axes
  const STEPS = Array.from({length: 15}, (_, exponent) => [1, 2, 5].map(first => first * 10 ** exponent)).flat();
  const MINUTE = 60;
  const HOUR = 60 * MINUTE;
  const TIMES = [
    0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
    ...[1, 2, 4, 12, 24, 48, 168, 672].map(n => n * HOUR),
  ];

  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const state = {axis: "step", smoothing: 0.6, hidden: new Set(), log: new Set(), range: null, printing: false};
  const plots = [];

  // --- numbers as people read them

  const number = value => {
    if (value == null || !Number.isFinite(value)) return "–";
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(2).replace(/\.?0+e/, "e")
      : String(+value.toPrecision(4));
  };
  const percent = value => (value == null ? "–" : (100 * value).toFixed(1) + " %");
  const pad = value => String(value).padStart(2, "0");
  const time = seconds => {
    if (seconds < 60) return +seconds.toPrecision(3) + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + ":" + pad(Math.floor(seconds % 60)) + " min";
    return Math.floor(seconds / 3600) + ":" + pad(Math.floor((seconds % 3600) / 60)) + " h";
  };
  const count = value => value.toLocaleString("en-US");
  const short = value =>
    value >= 1e6 ? +(value / 1e6).toFixed(2) + "M" : value >= 1e4 ? +(value / 1e3).toFixed(1) + "k" : String(value);
  const FORMATS = {number, percent};

  // --- numbers to draw

  const xs = table => table[state.axis] || [];

  // What stands at both ends of all horizontal axes.
  const whole = () => {
    let last = 0;
    for (const table of Object.values(data.tables)) {
      for (const x of xs(table)) last = Math.max(last, x);
    }
    return [0, last || 1];
  };

  // An exponential mean without the pull of its start.
  const smoothed = (values, weight) => {
    let sum = 0;
    let total = 0;
    return values.map(value => {
      if (value == null) return null;
      sum = weight * sum + (1 - weight) * value;
      total = weight * total + (1 - weight);
      return sum / total;
    });
  };

  const drawable = (values, log) => (log ? values.map(v => (v != null && v > 0 ? v : null)) : values);

  // Vertical axes. A constant may differ from itself by rounding.
  const range = (_, low, high) => {
    if (!low && !high) return [0, 1];
    return high - low <= 1e-9 * Math.abs(high) ? uPlot.rangeNum(low, low, 0.1, true) : uPlot.rangeNum(low, high, 0.1, true);
  };
  const logRange = (_, low, high) => {
    if (low == null) return [0.1, 1];
    return high / low < 1.01 ? [low / 2, high * 2] : uPlot.rangeLog(low, high, 10, false);
  };

  const color = index => getComputedStyle(root).getPropertyValue("--c" + (index % COLORS)).trim();
  const quiet = name => getComputedStyle(root).getPropertyValue(name).trim();

  // The rows of a table that have a number of a line: what is measured now and then makes one line all the same. Of
  // steps all stay, so that a loss that is no number shows as a gap.
  const rows = line => {
    const table = data.tables[line.table];
    if (line.table.endsWith("steps")) return table;
    const kept = table[line.column].flatMap((value, row) => (value == null ? [] : [row]));
    const columns = ["step", "seconds", line.column, line.column + ".least", line.column + ".greatest"];
    return Object.fromEntries(columns.filter(c => table[c]).map(c => [c, kept.map(row => table[c][row])]));
  };

  // One line of a chart: its columns, and how each is drawn.
  const layers = (line, log) => {
    const table = rows(line);
    const mean = drawable(table[line.column], log);
    const least = table[line.column + ".least"];
    const greatest = table[line.column + ".greatest"];
    const smooths = state.smoothing > 0 && line.table.endsWith("steps");
    const strong = smooths ? smoothed(mean, state.smoothing) : mean;
    const points = mean.filter(v => v != null).length;
    const ink = color(line.color);
    const dash = DASHES[Math.floor(line.color / COLORS) % DASHES.length];
    const below = [];
    if (least) {
      const edge = {stroke: ink + "55", width: 0.75, points: {show: false}};
      below.push({values: drawable(greatest, log), series: edge}, {values: drawable(least, log), series: {...edge}});
    } else if (smooths) {
      below.push({values: mean, series: {stroke: ink + "40", width: 1, points: {show: false}}});
    }
    const dots = {show: points <= FEW, size: 5, fill: ink};
    return {
      line, x: xs(table), strong, least, greatest, points, band: least ? ink + "2e" : null,
      all: [...below, {values: strong, series: {stroke: ink, width: 1.75, dash, points: dots}}],
    };
  };

  // The place of the number next to x among those that are there; -1 for none.
  const nearest = (x, values, at) => {
    let low = 0;
    let high = x.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x[middle] < at) low = middle + 1;
      else high = middle;
    }
    for (let away = 0; away < x.length; away++) {
      const left = low - away;
      const right = low + away;
      const hasLeft = left >= 0 && values[left] != null;
      const hasRight = right < x.length && values[right] != null;
      if (hasLeft && hasRight) return at - x[left] <= x[right] - at ? left : right;
      if (hasLeft || hasRight) return hasLeft ? left : right;
    }
    return -1;
  };

  // --- a chart with its keys

  const element = (name, kind, text) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text != null) made.textContent = text;
    return made;
  };

  class Plot {
    constructor(figure, chart) {
      this.figure = figure;
      this.chart = chart;
      this.place = figure.querySelector(".plot");
      this.keys = element("div", "keys");
      figure.insertBefore(this.keys, this.place);
      this.log = element("button", "log", "log");
      this.log.type = "button";
      this.log.title = "Logarithmic scale";
      this.log.hidden = !chart.lines.some(line => data.tables[line.table][line.column].some(value => value > 0));
      this.log.setAttribute("aria-pressed", "false");
      this.log.onclick = () => {
        if (!state.log.delete(chart.id)) state.log.add(chart.id);
        this.draw();
      };
      figure.append(this.log);
      this.uplot = null;
      new ResizeObserver(() => this.resize()).observe(this.place);
    }

    size() {
      return state.printing ? PRINTED : {width: this.place.clientWidth, height: HEIGHT};
    }

    resize() {
      const size = this.size();
      if (this.uplot && size.width > 0 && size.width !== this.uplot.width) this.uplot.setSize(size);
    }

    draw() {
      if (this.uplot) this.uplot.destroy();
      const log = state.log.has(this.chart.id);
      this.log.setAttribute("aria-pressed", String(log));
      this.drawn = this.chart.lines.filter(line => !state.hidden.has(this.hideKey(line))).map(line => layers(line, log));
      const tables = this.drawn.map(part => [part.x, ...part.all.map(layer => layer.values)]);
      const ends = whole();
      const level = this.chart.level;
      tables.push([ends, level ? [level.value, level.value] : [null, null]]);
      const series = [{}, ...this.drawn.flatMap(part => part.all.map(layer => layer.series))];
      series.push({stroke: quiet("--quiet"), width: 1.25, dash: [5, 4], points: {show: false}});
      const bands = [];
      let at = 1;
      for (const part of this.drawn) {
        if (part.band) bands.push({series: [at, at + 1], fill: part.band});
        at += part.all.length;
      }
      this.uplot = new uPlot(this.options(series, bands, log), uPlot.join(tables), this.place);
      this.zoom();
      this.figure.dataset.points = this.drawn.reduce((sum, part) => sum + part.points, 0);
      this.showKeys();
    }

    options(series, bands, log) {
      const axis = {
        stroke: quiet("--quiet"), font: "11px system-ui, sans-serif",
        grid: {stroke: quiet("--grid"), width: 1}, ticks: {show: false},
      };
      const format = FORMATS[this.chart.format];
      const byTime = state.axis === "seconds";
      return {
        ...this.size(), series, bands,
        padding: [8, 18, 0, 0],
        legend: {show: false},
        scales: {
          x: {time: false},
          y: log ? {distr: 3, range: logRange} : {range},
        },
        axes: [
          {
            ...axis, size: 26, gap: 4, space: 64,
            values: (_, splits) => splits.map(byTime ? time : short),
            incrs: byTime ? TIMES : STEPS,
          },
          {...axis, size: 54, gap: 4, space: 34, values: (_, splits) => splits.map(v => (v == null ? "" : format(v)))},
        ],
        cursor: {
          points: {size: 6},
          drag: {x: true, y: false, setScale: false},
          bind: {dblclick: () => () => zoom(null)},
          sync: {key: "page", filters: {pub: kind => kind !== "mousedown" && kind !== "mouseup" && kind !== "dblclick"}},
        },
        hooks: {
          setCursor: [u => this.showKeys(u.cursor.left >= 0 && u.cursor.idx != null ? u.posToVal(u.cursor.left, "x") : null)],
          setSelect: [u => {
            const {left, width} = u.select;
            if (width > 4) zoom([u.posToVal(left, "x"), u.posToVal(left + width, "x")]);
            if (width > 0) u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
          }],
        },
      };
    }

    zoom() {
      const [min, max] = state.range || whole();
      this.uplot.setScale("x", {min, max});
    }

    // In comparisons a run is hidden in all charts, elsewhere a line in its own.
    hideKey(line) {
      return document.body.classList.contains("compare") ? line.name : this.chart.id + " " + line.name;
    }

    // The values under the cursor; without one, the last.
    showKeys(x = null) {
      const format = FORMATS[this.chart.format];
      const place = x == null ? "last" : state.axis === "step" ? "step " + count(Math.round(x)) : time(x);
      const made = [element("span", "place", place)];
      for (const line of this.chart.lines) {
        const part = this.drawn.find(p => p.line === line);
        const key = element("button", part ? "" : "off");
        key.type = "button";
        key.title = line.name;
        key.style.setProperty("--color", color(line.color));
        key.append(element("span", line.color < COLORS ? "swatch" : "swatch dashed"), element("span", "label", line.name));
        if (part) {
          const at = nearest(part.x, part.strong, x == null ? Infinity : x);
          if (at >= 0) {
            key.append(element("span", "number", format(part.strong[at])));
            if (part.least && x != null && this.chart.lines.length === 1 && part.least[at] < part.greatest[at]) {
              key.append(element("span", "range", format(part.least[at]) + " to " + format(part.greatest[at])));
            }
          }
        }
        key.onclick = () => toggle(this.hideKey(line));
        made.push(key);
      }
      if (this.chart.level) {
        const key = element("span", "range", "- - " + this.chart.level.name + " " + format(this.chart.level.value));
        made.push(key);
      }
      this.keys.replaceChildren(...made);
    }
  }

  // --- what changes all charts

  const drawAll = () => plots.forEach(plot => plot.draw());

  const zoom = range => {
    state.range = range;
    const button = document.getElementById("whole");
    if (button) button.hidden = range === null;
    plots.forEach(plot => plot.zoom());
  };

  const toggle = key => {
    if (!state.hidden.delete(key)) state.hidden.add(key);
    document.querySelectorAll("[data-run]").forEach(button =>
      button.classList.toggle("off", state.hidden.has(button.dataset.run)));
    drawAll();
  };

  const theme = name => {
    root.dataset.theme = name;
    drawAll();
  };

  document.getElementById("theme").onclick = () => theme(root.dataset.theme === "dark" ? "light" : "dark");

  const smoothing = document.getElementById("smoothing");
  if (smoothing) {
    const shown = document.getElementById("smoothing-value");
    let waiting = false;
    smoothing.oninput = () => {
      state.smoothing = Number(smoothing.value);
      shown.textContent = state.smoothing.toFixed(2);
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        drawAll();
      });
    };
    shown.textContent = state.smoothing.toFixed(2);
    document.getElementById("whole").onclick = () => zoom(null);
    document.querySelectorAll("[data-axis]").forEach(button => {
      button.onclick = () => {
        state.axis = button.dataset.axis;
        state.range = null;
        document.querySelectorAll("[data-axis]").forEach(other =>
          other.setAttribute("aria-pressed", String(other === button)));
        document.getElementById("whole").hidden = true;
        drawAll();
      };
    });
    document.querySelectorAll("[data-run]").forEach(button => {
      button.onclick = () => toggle(button.dataset.run);
    });
  }

  // Paper is white, and as wide as it is.
  let screenTheme = root.dataset.theme;
  addEventListener("beforeprint", () => {
    screenTheme = root.dataset.theme;
    state.printing = true;
    theme("light");
  });
  addEventListener("afterprint", () => {
    state.printing = false;
    theme(screenTheme);
  });

  // In texts, the color of a curve.
  document.querySelectorAll("[data-color]").forEach(swatch => {
    const dashed = swatch.dataset.color >= COLORS;
    swatch.style.setProperty("--color", "var(--c" + (swatch.dataset.color % COLORS) + ")");
    swatch.classList.toggle("dashed", dashed);
  });

  for (const chart of data.charts) {
    const figure = document.querySelector('[data-chart="' + chart.id + '"]');
    plots.push(new Plot(figure, chart));
  }
  drawAll();
})();
