/* Charts are ways on: a bar or dot leads to the measures it counts. The address is the last thing
   a point knows (customdata); the same addresses are links below the chart. */
(function () {
  "use strict";
  var INSIDE = "/dashboards/";

  function way(event) {
    var data = event.points && event.points[0] && event.points[0].customdata;
    var address = Array.isArray(data) ? data[data.length - 1] : data;
    return typeof address === "string" && address.indexOf(INSIDE) === 0 ? address : null;
  }

  function follow(event) {
    var address = way(event);
    var click = event.event || {};
    if (!address) return;
    if (click.ctrlKey || click.metaKey || click.shiftKey) window.open(address, "_blank", "noopener");
    else window.location.assign(address);
  }

  // Dash draws when it likes; a chart is prepared when somebody first points at it.
  function prepare(event) {
    var chart = event.target.closest && event.target.closest(".js-plotly-plot");
    if (!chart || !chart.on || chart.dataset.leads) return;
    chart.dataset.leads = "true";
    chart.on("plotly_click", follow);
    chart.on("plotly_hover", function (hover) {
      chart.classList.toggle("leads-on", way(hover) !== null);
    });
    chart.on("plotly_unhover", function () { chart.classList.remove("leads-on"); });
  }

  document.addEventListener("pointerover", prepare, true);
  document.addEventListener("pointerdown", prepare, true);
})();
