/* A list of services kept on this device. Without this file, the links carry the list in the address. */
(function () {
  var KEY = "saved-services", MOST = 50;
  function read() {
    try {
      var kept = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.map(Number).filter(function (id) { return id > 0 && Number.isSafeInteger(id); }).slice(-MOST) : [];
    } catch (error) { return []; }
  }
  function write(ids) {
    try { localStorage.setItem(KEY, JSON.stringify(ids.slice(-MOST))); return true; } catch (error) { return false; }
  }
  function without(ids, id) { return ids.filter(function (each) { return each !== id; }); }
  function show() {
    var ids = read();
    document.querySelectorAll("[data-save]").forEach(function (link) {
      var kept = ids.indexOf(Number(link.dataset.save)) >= 0;
      link.setAttribute("role", "button");
      link.setAttribute("aria-pressed", String(kept));
      link.querySelector("[data-save-words]").textContent = kept ? "Saved" : "Save";
    });
    document.querySelectorAll("[data-saved-link]").forEach(function (link) {
      if (ids.length) { link.search = "?ids=" + ids.join("."); }
      var count = link.querySelector("[data-saved-count]");
      count.textContent = ids.length ? " (" + ids.length + ")" : "";
    });
  }
  function toggle(link) {
    var id = Number(link.dataset.save), ids = read();
    var less = without(ids, id);
    if (!write(less.length < ids.length ? less : ids.concat(id))) { return false; }
    show();
    return true;
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-save]");
    if (link && toggle(link)) { event.preventDefault(); return; }
    var off = event.target.closest("[data-unsave]");
    if (off) { write(without(read(), Number(off.dataset.unsave))); }
  });
  document.addEventListener("keydown", function (event) {
    var link = event.key === " " && event.target.closest && event.target.closest("[data-save]");
    if (link && toggle(link)) { event.preventDefault(); }
  });
  var page = document.querySelector("[data-saved-page]");
  if (page) {
    var shown = page.dataset.savedPage, ids = read();
    if (!location.search && ids.length) { location.replace("?ids=" + ids.join(".")); }
    var keep = page.querySelector("[data-keep-list]");
    if (keep && shown !== ids.join(".")) {
      keep.hidden = false;
      keep.addEventListener("click", function () {
        var listed = shown.split(".").map(Number);
        var all = read().filter(function (id) { return listed.indexOf(id) < 0; }).concat(listed);
        page.querySelector("[data-kept]").textContent = write(all)
          ? "This list is kept on this device." : "This browser does not let us keep the list. Keep its address.";
        if (read().length) { keep.hidden = true; }
      });
    }
  }
  window.addEventListener("storage", show);
  document.addEventListener("results:changed", show);
  show();
})();
