// Everything here is a comfort: each page works without it.
(function () {
  "use strict";

  // The list of problems takes the focus, so that it is read first.
  var summary = document.getElementById("error-summary");
  if (summary) {
    summary.focus();
  }

  document.querySelectorAll("[data-select-all]").forEach(function (input) {
    input.addEventListener("focus", function () { input.select(); });
  });

  document.querySelectorAll("form[data-confirm]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (!window.confirm(form.dataset.confirm)) {
        event.preventDefault();
      }
    });
  });

  // Others may use this computer next: signing out takes unsaved texts away (report-copies.js).
  document.querySelectorAll('form[action="/abmelden"]').forEach(function (form) {
    form.addEventListener("submit", function () {
      try {
        Object.keys(window.localStorage).forEach(function (key) {
          if (key.indexOf("meldung:") === 0) {
            window.localStorage.removeItem(key);
          }
        });
      } catch (ignored) { /* storage switched off: there is nothing to take away */ }
    });
  });

  // After signing in again: send what was typed before.
  var waiting = document.querySelector("form[data-send-at-once]");
  if (waiting) {
    waiting.submit();
  }

  // Five minutes before the session idles out: say so, and offer to stay.
  var minutes = Number(document.body.dataset.idleMinutes);
  var warning = document.getElementById("session-warning");
  if (!minutes || !warning) {
    return;
  }
  var LAST_SEEN = "tracker-last-seen"; // shared by all tabs of this browser
  var warnAfter = Math.max(minutes - 5, minutes / 2) * 60000;

  function seen() {
    try {
      window.localStorage.setItem(LAST_SEEN, String(Date.now()));
    } catch (ignored) { /* storage switched off: each tab counts for itself */ }
    loadedAt = Date.now();
    warning.hidden = true;
  }

  function lastSeen() {
    try {
      return Math.max(loadedAt, Number(window.localStorage.getItem(LAST_SEEN)) || 0);
    } catch (ignored) {
      return loadedAt;
    }
  }

  var loadedAt = Date.now();
  seen();
  window.setInterval(function () {
    var due = Date.now() - lastSeen() > warnAfter;
    if (due && warning.hidden) {
      warning.hidden = false;
    } else if (!due && !warning.hidden) {
      warning.hidden = true; // another tab has extended the session
    }
  }, 15000);

  document.getElementById("session-extend").addEventListener("click", function () {
    window.fetch("/konto/sitzung", {
      method: "POST",
      headers: { "X-CSRFToken": warning.dataset.token, "X-Requested-With": "fetch" }
    }).then(function (response) {
      var title = document.getElementById("session-warning-title");
      if (response.ok) {
        seen();
      } else {
        title.textContent = "Ihre Sitzung ist beendet. Senden Sie wie gewohnt: Sie werden dann nach der Anmeldung gefragt, Ihr Text bleibt erhalten.";
      }
    }).catch(function () {
      document.getElementById("session-warning-title").textContent =
        "Der Server ist gerade nicht erreichbar. Lassen Sie die Seite offen und versuchen Sie es noch einmal.";
    });
  });
})();
