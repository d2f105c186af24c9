/* Suggestions under a field of words, after the ARIA combobox pattern. Without this file the field is a field. */
document.querySelectorAll("[data-suggest]").forEach(function (box) {
  var field = box.querySelector("input"), from = box.dataset.suggest;
  var list = document.createElement("ul"), status = document.createElement("p");
  var found = [], at = -1, timer = 0, asked = 0;
  list.className = "suggest__list";
  list.id = field.id + "-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  box.append(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  function close() {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function mark(next) {
    at = next;
    list.querySelectorAll("[role=option]").forEach(function (option, number) {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) { option.scrollIntoView({ block: "nearest" }); }
    });
    if (at < 0) { field.removeAttribute("aria-activedescendant"); } else {
      field.setAttribute("aria-activedescendant", list.id + "-" + at);
    }
  }
  function draw(rows) {
    found = rows;
    list.textContent = "";
    rows.forEach(function (row, number) {
      var option = document.createElement("li"), kind = document.createElement("span");
      option.id = list.id + "-" + number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = row.label;
      kind.className = "suggest__kind";
      kind.textContent = row.kind;
      option.append(" ", kind);
      option.addEventListener("pointerdown", function (event) { event.preventDefault(); });
      option.addEventListener("click", function () { location.assign(row.url); });
      list.append(option);
    });
    at = -1;
    list.hidden = !rows.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    status.textContent = rows.length ? rows.length + " suggestions. Use the up and down arrows." : "";
  }
  function ask() {
    var words = field.value.trim(), mine = ++asked;
    if (words.length < 2) { draw([]); return; }
    fetch(from + "?format=json&q=" + encodeURIComponent(words.slice(0, 100)))
      .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
      .then(function (data) { if (mine === asked && document.activeElement === field) { draw(data.suggestions); } })
      .catch(function () { close(); });
  }
  field.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 180); });
  field.addEventListener("blur", function () { asked++; close(); });
  field.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
    if (event.key === "Enter" && at >= 0 && !list.hidden) { event.preventDefault(); location.assign(found[at].url); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    if (list.hidden) { if (event.key === "ArrowDown") { ask(); } return; }
    event.preventDefault();
    var step = event.key === "ArrowDown" ? 1 : -1, places = found.length + 1;
    mark((at + 1 + step + places) % places - 1);
  });
});
