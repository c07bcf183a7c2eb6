// A comfort of the partner's form: how long the text is, beside its limit.
(function () {
  "use strict";

  var form = document.getElementById("contribution-form");
  if (!form) {
    return;
  }
  var area = form.querySelector("textarea");
  var counter = document.getElementById("contribution-counter");
  var limit = Number(form.dataset.limit);

  function show() {
    var length = Array.from(area.value).length;
    counter.hidden = false;
    counter.classList.toggle("report-counter--over", length > limit);
    counter.textContent = length.toLocaleString("de-DE") + " von " + limit.toLocaleString("de-DE") +
      " Zeichen" + (length > limit ? ": bitte kürzen" : "");
  }

  area.addEventListener("input", show);
  area.addEventListener("focus", show);
})();
