// Counts the chosen measures beside the way to the form. A comfort: the page works without it.
(function () {
  "use strict";

  var boxes = document.querySelectorAll(".measures__check");
  var counts = document.querySelectorAll("[data-chosen]");

  function show() {
    var chosen = document.querySelectorAll(".measures__check:checked").length;
    counts.forEach(function (count) {
      count.textContent = " (" + chosen + " ausgewählt)";
    });
  }

  boxes.forEach(function (box) { box.addEventListener("change", show); });
  window.addEventListener("pageshow", show); // a browser that goes back keeps the ticks
  show();
})();
