// Keeps the page of an order up to date; without it, a link loads the page anew.
(function () {
  "use strict";

  var place = document.querySelector("[data-order]");
  if (!place) {
    return;
  }
  var bar = document.getElementById("fortschritt");
  var label = place.querySelector("[data-order-label]");
  var step = place.querySelector("[data-order-step]");

  function show(found) {
    if (found.state !== "waiting" && found.state !== "running") {
      window.location.reload();
      return;
    }
    if (label.textContent !== found.label) {
      label.textContent = found.label;
    }
    if (found.step && step.textContent !== found.step) {
      step.textContent = found.step;
    }
    bar.max = found.total || 1;
    bar.value = found.done;
    ask(1000);
  }

  function ask(wait) {
    window.setTimeout(function () {
      window.fetch(place.dataset.order, { headers: { "X-Requested-With": "fetch" } })
        .then(function (answer) {
          if (!answer.ok) {
            throw new Error(String(answer.status));
          }
          return answer.json();
        })
        .then(show)
        .catch(function () { ask(5000); }); // no connection, or signed out: the page stays
    }, wait);
  }

  ask(700);
})();
