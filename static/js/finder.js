/* Filters that act at once. Without this file, "Show results" does the same. */
(function () {
  var results = document.getElementById("results");
  if (!results || !window.fetch || !window.DOMParser) { return; }
  var status = document.createElement("p"), asked = 0, shown = here();
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.getElementById("main").append(status);

  function here() { return location.pathname + location.search; }
  function address(form) {
    var query = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value) { query.append(name, value); } });
    var text = query.toString();
    return form.getAttribute("action") + (text ? "?" + text : "");
  }
  function name(facet) { return facet.querySelector("input").name; }
  function replaceFacets(from) {
    var open = {};
    document.querySelectorAll(".filters .facet").forEach(function (facet) { open[name(facet)] = facet.open; });
    var mine = document.querySelector("[data-facets]"), theirs = from.querySelector("[data-facets]");
    mine.replaceChildren.apply(mine, Array.from(theirs.childNodes));
    mine.querySelectorAll(".facet").forEach(function (facet) {
      if (open[name(facet)]) { facet.open = true; }
    });
  }
  function load(url, push) {
    var mine = ++asked, focused = document.activeElement && document.activeElement.id;
    return fetch(url, { headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) { if (!answer.ok) { throw new Error(); } return answer.text(); })
      .then(function (html) {
        if (mine !== asked) { return; }
        var page = new DOMParser().parseFromString(html, "text/html"), fresh = page.getElementById("results");
        if (!fresh) { throw new Error(); }
        if (push) { history.pushState(null, "", url); }
        shown = here();
        replaceFacets(page);
        results.replaceChildren.apply(results, Array.from(fresh.childNodes));
        document.title = page.title;
        var again = focused && document.getElementById(focused);
        if (again && document.activeElement !== again) { again.focus({ preventScroll: true }); }
        var heading = results.querySelector("h1");
        status.textContent = heading ? heading.textContent : "";
        document.dispatchEvent(new Event("results:changed"));
      })
      .catch(function () { if (mine === asked) { location.assign(url); } });
  }
  document.querySelector(".filters form").addEventListener("change", function (event) {
    if (event.target.matches("input[type=checkbox], select")) { load(address(event.currentTarget), true); }
  });
  // Going back over a change made here: the page of that address, fields and all.
  window.addEventListener("popstate", function () { if (here() !== shown) { location.reload(); } });
})();
