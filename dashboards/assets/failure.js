/* What goes wrong while a page is filled, said in words with a way on. Dash itself says nothing. */
(function () {
  "use strict";
  // Longer than any page takes; what arrives later still takes the notice away.
  var PATIENCE = 15000;
  var OWN = "/dashboards/_dash-";
  var WORDS = {
    away: ["Der Server ist nicht erreichbar.",
      "Bitte prüfen Sie Ihre Verbindung und laden Sie die Seite dann neu.", "Seite neu laden"],
    ended: ["Ihre Sitzung ist beendet.",
      "Bitte melden Sie sich neu an; danach sehen Sie wieder diese Seite.", "Zur Anmeldung"],
    old: ["Diese Seite ist veraltet.",
      "Bitte laden Sie sie neu; Auswahl und Filter bleiben erhalten.", "Seite neu laden"],
    failed: ["Die Seite konnte nicht geladen werden.",
      "Bitte laden Sie sie neu. Hilft das nicht, wenden Sie sich bitte an die " +
      "koordinierende Stelle und nennen Sie die Adresse dieser Seite.", "Seite neu laden"],
    slow: ["Das Laden dauert länger als sonst.",
      "Sie können warten oder die Seite neu laden.", "Seite neu laden"]
  };
  var shown = null;
  var ask = window.fetch;

  function element(name, text) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  }

  function tell(kind) {
    var place = document.getElementById("react-entry-point");
    if (!place) return;
    if (shown) shown.remove();
    var words = WORDS[kind];
    var link = element("a", words[2]);
    link.className = "link";
    // The same address: the server asks for the sign-in first where that is needed.
    link.href = window.location.pathname + window.location.search;
    shown = element("div");
    shown.className = "message failure";
    shown.setAttribute("role", "alert");
    var way = element("p");
    way.append(link);
    var level = document.querySelector("main h1") ? "h2" : "h1";
    shown.append(element(level, words[0]), element("p", words[1]), way);
    place.before(shown);
    document.documentElement.classList.toggle("has-failed", kind !== "slow");
  }

  function kindOf(status) {
    if (status === 401) return "ended";
    return status === 400 || status === 403 ? "old" : "failed";
  }

  function filled() { return document.querySelector("#_pages_content h1"); }

  window.fetch = function (address) {
    var asked = typeof address === "string" ? address : (address && address.url) || "";
    var answer = ask.apply(window, arguments);
    if (asked.indexOf(OWN) < 0) return answer;
    return answer.then(function (response) {
      if (!response.ok) tell(kindOf(response.status));
      return response;
    }, function (error) {
      // Whoever leaves the page ends its requests; that is no failure.
      if (error.name !== "AbortError" && document.visibilityState !== "hidden") tell("away");
      throw error;
    });
  };

  // A script of the page that did not arrive.
  window.addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") tell("away");
  }, true);

  window.setTimeout(function () {
    if (filled() || shown) return;
    tell("slow");
    var watch = window.setInterval(function () {
      if (!filled()) return;
      window.clearInterval(watch);
      if (shown) shown.remove();
    }, 500);
  }, PATIENCE);
})();
