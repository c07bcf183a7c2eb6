/* Paper: charts are drawn as wide as a page, closed lists open; afterwards all is as it was. */
(function () {
  "use strict";
  // A4 without its margins, in CSS pixels; a little less so that nothing is cut.
  var WIDTH = 660;
  var opened = [];

  function charts() {
    return document.querySelectorAll(".js-plotly-plot");
  }

  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (item) { item.open = true; });
    charts().forEach(function (chart) {
      window.Plotly.relayout(chart, { autosize: false, width: WIDTH, height: chart.offsetHeight });
    });
  });

  window.addEventListener("afterprint", function () {
    opened.forEach(function (item) { item.open = false; });
    opened = [];
    charts().forEach(function (chart) {
      window.Plotly.relayout(chart, { autosize: true, width: null, height: null });
    });
  });
})();
