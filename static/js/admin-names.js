/* Names for parts of Wagtail's editor that it draws without one, and roles that say what they are.
   It watches, since blocks and boxes come while somebody writes. Without this file nothing else is lost. */
(function () {
  function name(element, words) {
    if (words && !element.getAttribute("aria-label")) { element.setAttribute("aria-label", words); }
  }
  function headingOf(element) {
    var section = element.closest("[data-contentpath], section, .w-panel");
    var heading = section && section.querySelector("label, legend, h2, h3, [data-panel-heading-text]");
    return heading ? heading.textContent.replace(/\*/g, "").trim() : "";
  }
  function hasLabel(element) { return element.labels && element.labels.length > 0; }
  function look() {
    // Kept from pressing by "disabled", and from sight: it stops the key Enter from sending a form.
    document.querySelectorAll('input[type="submit"][hidden]:not([value])').forEach(function (input) { input.value = "Search"; });
    document.querySelectorAll('input[name="is_editing"]').forEach(function (input) { name(input, "Something is not saved"); });
    document.querySelectorAll("#comment-icon").forEach(function (button) { name(button, "Add a note here"); });
    document.querySelectorAll(".tagit-new input").forEach(function (input) { name(input, "Add a tag"); });
    document.querySelectorAll('[role="textbox"][contenteditable], [role="combobox"][contenteditable]').forEach(function (box) { name(box, headingOf(box) || "Words"); });
    document.querySelectorAll('[data-contentpath] :is(select, input:not([type="hidden"]), textarea)').forEach(function (box) {
      if (!hasLabel(box) && !box.getAttribute("aria-labelledby") && !box.getAttribute("title")) { name(box, headingOf(box)); }
    });
    // A block is a group of boxes: as a landmark, ten of the same name help nobody.
    document.querySelectorAll('section[id^="block-"]:not([role])').forEach(function (block) { block.setAttribute("role", "group"); });
    // A list that is scrolled must be reached by key.
    document.querySelectorAll(".w-minimap__list:not([tabindex])").forEach(function (list) { list.tabIndex = 0; });
  }
  var waiting = 0;
  function soon() {
    if (!waiting) { waiting = requestAnimationFrame(function () { waiting = 0; look(); }); }
  }
  document.addEventListener("DOMContentLoaded", function () {
    look();
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  });
})();
