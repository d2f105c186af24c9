/* What a gate asks of the page that is open. Evaluated by the debugger, so the page's own policy stands. */
(() => {
  const name = e => {
    const words = (e.getAttribute("aria-label") || e.textContent || e.value || "").trim().replace(/\s+/g, " ");
    const at = e.id ? `#${e.id}` : e.className && e.className.baseVal === undefined && e.className
      ? `.${String(e.className).trim().split(/\s+/).join(".")}` : "";
    return `${e.localName}${at} "${words.slice(0, 40)}"`;
  };
  const shown = e => e.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true });
  const hidden = e => !!e.closest(".visually-hidden, .w-sr-only, [inert]");
  const POINTED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const area = root => (root ? document.querySelector(root) : document.body) || document.body;

  /* WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, or room for a circle of 24; a link in a line of text is let off. */
  function inText(e) {
    if (e.localName !== "a" || !getComputedStyle(e).display.startsWith("inline")) { return false; }
    const around = (e.parentElement.textContent || "").trim().length;
    return around > (e.textContent || "").trim().length || getComputedStyle(e).display === "inline";
  }
  function small(root) {
    const all = [...area(root).querySelectorAll(POINTED)].filter(e => shown(e) && !hidden(e) && !e.matches(".skip-link"));
    const boxes = all.map(e => {
      const label = e.matches("input[type=radio], input[type=checkbox]") && e.labels && e.labels[0];
      const own = e.getBoundingClientRect(), more = label ? label.getBoundingClientRect() : own;
      return own.height >= more.height ? own : more;
    });
    const far = (a, b) => {
      const x = a.left + a.width / 2, y = a.top + a.height / 2;
      const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
      return Math.hypot(dx, dy) >= 12;
    };
    return all.filter((e, i) => {
      const box = boxes[i];
      if (!box.width || (box.width >= 24 && box.height >= 24) || inText(e)) { return false; }
      return boxes.some((other, j) => j !== i && !all[j].contains(e) && !e.contains(all[j]) && other.width && !far(box, other));
    }).map(e => `${name(e)} is ${Math.round(e.getBoundingClientRect().width)} by ${Math.round(e.getBoundingClientRect().height)}`);
  }

  /* WCAG 1.4.10 lets a table of data scroll in a box of its own. */
  function scrolls(e) {
    if (!e.closest("table, pre")) { return false; }
    for (let box = e.parentElement; box && box !== document.body; box = box.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(box).overflowX)) { return true; }
    }
    return false;
  }
  /* Text that a box cuts off, or that stands outside the page. */
  function cut(root) {
    const found = [], wide = document.documentElement.clientWidth;
    for (const e of area(root).querySelectorAll("*")) {
      if (!shown(e) || hidden(e) || e.closest("svg, select, .skip-link")) { continue; }
      const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
      if (!text && !e.matches("input, textarea")) { continue; }
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      if (!box.width) { continue; }
      if (style.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 2) { found.push(`${name(e)} is cut off below`); }
      if (style.overflowX === "hidden" && e.scrollWidth > e.clientWidth + 2) { found.push(`${name(e)} is cut off beside`); }
      if (!scrolls(e) && (box.right > wide + 1 || box.left < -1)) { found.push(`${name(e)} stands off the side`); }
    }
    return found;
  }

  /* Words over words: two texts without one inside the other that share more than a hair. */
  function overlap(root) {
    const texts = [...area(root).querySelectorAll("p, h1, h2, h3, h4, li, dt, dd, th, td, label, legend, summary, a, button, span")]
      .filter(e => shown(e) && !hidden(e) && !e.closest("svg") && !e.matches(".skip-link") &&
        [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
    const lines = [];
    for (const e of texts) {
      for (const n of e.childNodes) {
        if (n.nodeType !== 3 || !n.textContent.trim()) { continue; }
        const range = document.createRange();
        range.selectNodeContents(n);
        const part = range.getBoundingClientRect(), tall = parseFloat(getComputedStyle(e).fontSize);
        for (const box of range.getClientRects()) {
          if (box.width > 2 && box.height > 2) { lines.push({ e, box, tall, part }); }
        }
      }
    }
    lines.sort((a, b) => a.box.top - b.box.top);
    const found = new Set();
    lines.forEach((a, i) => {
      for (let j = i + 1; j < lines.length && lines[j].box.top < a.box.bottom; j += 1) {
        const b = lines[j];
        if (a.e === b.e || a.e.contains(b.e) || b.e.contains(a.e)) { continue; }
        const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (x > 4 && y > Math.min(a.tall, b.tall) * 0.6) { found.add(`${name(a.e)} and ${name(b.e)}`); }
      }
    });
    return [...found];
  }

  /* WCAG 1.4.12. A sheet of our own, which a content security policy does not stop. */
  function space() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  /* What moves though the reader asked that nothing does. */
  function moves() {
    const long = value => value.split(",").some(part => parseFloat(part) * (part.includes("ms") ? 1 : 1000) > 10);
    const found = [...document.querySelectorAll("body, body *")].filter(e => {
      const style = getComputedStyle(e);
      return (style.transitionProperty !== "none" && long(style.transitionDuration)) ||
        (style.animationName !== "none" && long(style.animationDuration));
    }).map(name);
    if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") { found.push("the page scrolls smoothly"); }
    return found;
  }

  /* One stop of a walk with Tab: what has the focus, whether it shows, and whether something covers it. */
  function stop() {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) { return null; }
    if (!e.dataset.gateStop) { e.dataset.gateStop = String((window.gateStops = (window.gateStops || 0) + 1)); }
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const points = [.5, .1, .9].flatMap(x => [.5, .15, .85].map(y => [box.left + box.width * x, box.top + box.height * y]));
    const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    const free = inside.filter(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && (top === e || e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some(l => l === top || l.contains(top))));
    });
    return { key: e.dataset.gateStop, name: name(e), marked, tall: box.height, free: free.length, scrolls: e.matches("iframe, video") };
  }
  /* Everything that Tab should come to: of a group of radio buttons one, nothing that is not shown. */
  function reachable(root) {
    const groups = new Set();
    return [...area(root).querySelectorAll(`${POINTED}, iframe, video[controls]`)].filter(e => {
      if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled || e.tabIndex < 0 || e.closest("[inert]")) { return false; }
      if (e.matches("input[type=radio]")) {
        const group = `${e.form && [...document.forms].indexOf(e.form)}:${e.name}`;
        if (groups.has(group)) { return false; }
        groups.add(group);
      }
      return true;
    });
  }
  function missed(root) {
    const radios = e => e.matches("input[type=radio]") &&
      [...document.querySelectorAll("input[type=radio][data-gate-stop]")].some(o => o.name === e.name && o.form === e.form);
    return reachable(root).filter(e => !e.dataset.gateStop && !radios(e)).map(name);
  }
  window.gate = { small, cut, overlap, space, moves, stop, missed, count: root => reachable(root).length };
})();
