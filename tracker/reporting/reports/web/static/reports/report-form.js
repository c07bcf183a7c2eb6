// The report form saves by itself and keeps a copy until that has worked. Without the scripts
// (report-copies, report-entries, report-marks,
// report-hints, this one) every field is there and the buttons do the same.
(function (report) {
  "use strict";

  var SAVE_AFTER = 3000;
  var TRY_AGAIN_AFTER = 10000;
  var WAIT_FOR_SAVE = 4000;
  var CHOOSING = "Noch nicht gespeichert. Wählen Sie oben je Feld und drücken Sie „Entwurf speichern“.";

  var form = document.getElementById("report-form");
  var entries = report.entries;
  var comparable = report.comparable;
  var copyKey = form.dataset.copyKey;
  var copyId = Date.now().toString(36) + "-" + Math.random().toString(36).slice(2, 10);
  form.elements.copy_id.value = copyId;

  function keepCopy() {
    return report.keepCopy(copyKey, {
      id: copyId,
      version: form.elements.draft_version.value,
      begun: form.elements.begonnen.value,
      at: Date.now(),
      entries: entries()
    });
  }

  // --- Offering the copy again -----------------------------------------------------------------

  function moment(at) {
    return new Date(Number(at)).toLocaleString("de-DE", { dateStyle: "medium", timeStyle: "short" }) + " Uhr";
  }

  // Where somebody has saved since, perhaps on another device, the stored text is offered first.
  function compareWithSaved(copy) {
    // Told as an age: the clocks of two devices differ.
    var savedAt = Date.now() - form.dataset.savedAgo * 1000;
    var take = document.getElementById("restore-take");
    var drop = document.getElementById("restore-drop");
    if (!savedAt) { // never saved
      return;
    }
    var older = copy.at < savedAt;
    document.getElementById("restore-newer").textContent = "Zuletzt gespeichert wurde am " + moment(savedAt) +
      (older ? ": Der gespeicherte Text ist neuer, er steht unten." : ": Der ungespeicherte Text ist neuer.");
    if (older) {
      drop.querySelector(".kern-label").textContent = "Neueren, gespeicherten Text behalten";
      take.querySelector(".kern-label").textContent = "Älteren Text trotzdem wiederherstellen";
      drop.classList.replace("kern-btn--tertiary", "kern-btn--secondary");
      take.classList.replace("kern-btn--secondary", "kern-btn--tertiary");
      take.before(drop);
    }
  }

  function offerCopy() {
    var box = document.getElementById("restore");
    var copy = report.findCopy(copyKey);
    // A refused page shows what was posted: that copy is on the screen already.
    if (!copy || copy.id === form.dataset.postedCopy || comparable(copy.entries) === comparable(entries())) {
      return;
    }
    document.getElementById("restore-title").textContent =
      "Auf diesem Gerät liegt ungespeicherter Text vom " + moment(copy.at) + ".";
    compareWithSaved(copy);
    box.hidden = false;
    document.getElementById("restore-take").addEventListener("click", function () {
      report.fill(copy);
      box.hidden = true;
      report.openFilled();
      changed();
      form.querySelector("textarea").focus();
    });
    document.getElementById("restore-drop").addEventListener("click", function () {
      report.forgetCopy(copyKey);
      box.hidden = true;
      form.querySelector("textarea").focus();
    });
  }

  // --- Saving by itself ------------------------------------------------------------------------

  var status = document.getElementById("autosave-status");
  var timer = null;
  var saving = false;
  var sent = false;
  var waiting = null; // the button that was pressed while a save was on its way
  // What was on its way when the connection broke: it may have arrived. It is sent again as it was,
  // so that the server knows its own text again and sees no second writer.
  var pending = null;
  // With both texts on the page nothing is saved before somebody has chosen.
  var choosing = "choosing" in form.dataset;
  var stopped = choosing;
  var savedState = comparable(entries());

  function say(text) {
    if (status.textContent !== text) {
      status.textContent = text;
    }
  }

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  }

  function changed() {
    report.showHints();
    if (comparable(entries()) === savedState) {
      return;
    }
    var kept = keepCopy();
    if (stopped) {
      if (choosing) {
        say(CHOOSING);
      }
      return;
    }
    say(kept ? "Noch nicht gespeichert …" : "Noch nicht gespeichert. Bitte speichern Sie selbst.");
    later(SAVE_AFTER);
  }

  function save() {
    if (saving || stopped) {
      return;
    }
    var message = pending || { state: comparable(entries()), body: new FormData(form) };
    saving = true;
    pending = message;
    window.fetch(form.getAttribute("action"), {
      method: "POST",
      body: message.body,
      headers: { "X-Requested-With": "fetch", "Accept": "application/json" }
    }).then(function (response) {
      return response.json().then(function (answer) {
        return { ok: response.ok, status: response.status, answer: answer };
      });
    }).then(function (result) {
      saving = false;
      if (result.status < 500) {
        pending = null;
      }
      if (result.ok) {
        stored(message.state, result.answer);
      } else {
        refused(result.status, result.answer);
      }
      goOn();
    }).catch(function () {
      saving = false;
      goOn();
      say("Keine Verbindung. Ihr Text bleibt hier und auf diesem Gerät erhalten; es wird weiter versucht.");
      later(TRY_AGAIN_AFTER);
    });
  }

  function goOn() {
    if (waiting && !sent) {
      saving = false;
      form.requestSubmit(waiting);
    }
  }

  function stored(state, answer) {
    form.elements.draft_version.value = answer.version;
    form.elements.begonnen.value = answer.begun;
    savedState = state;
    report.showAnswer(answer);
    report.showHints();
    var now = new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    say(answer.left ? answer.left + ". Alles andere ist gespeichert: " + now + " Uhr." :
      "Gespeichert " + now + " Uhr.");
    if (comparable(entries()) === state) {
      if (answer.left) {
        keepCopy(); // what could not be stored is only here
      } else {
        report.forgetCopy(copyKey);
      }
    } else {
      changed(); // typed on while saving
    }
  }

  function refused(code, answer) {
    var kept = " Ihr Text bleibt hier und auf diesem Gerät erhalten.";
    if (code === 401) {
      say("Ihre Sitzung ist beendet." + kept + " Drücken Sie „Entwurf speichern“ und melden Sie sich an.");
      stopped = true;
    } else if (code === 409 || code === 400) {
      say((answer.message || "") + kept + " Drücken Sie „Entwurf speichern“, um zu sehen, wie es weitergeht.");
      stopped = true;
    } else if (code >= 500) {
      say("Der Server antwortet gerade nicht." + kept + " Es wird weiter versucht.");
      later(TRY_AGAIN_AFTER);
    } else {
      say(answer.message || "Noch nicht gespeichert. Bitte prüfen Sie Ihre Angaben.");
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", function (event) {
    if (sent) {
      event.preventDefault(); // pressed twice: the first time counts
      return;
    }
    window.clearTimeout(timer);
    if (saving && !waiting) {
      // Two writes at once would be two writers to the server: this one goes when the other is back.
      event.preventDefault();
      waiting = event.submitter;
      window.setTimeout(goOn, WAIT_FOR_SAVE);
      return;
    }
    sent = true;
    stopped = true;
    keepCopy(); // taken away as soon as the server has stored the text
    say("Wird gesendet …");
  });
  // Whoever writes on in a text means that text, not the stored one.
  form.addEventListener("input", function (event) {
    var mine = document.getElementById("take-" + (event.target.name || "").split("-")[0] + "-mine");
    if (mine) {
      mine.checked = true;
    }
  });
  form.querySelectorAll('[name^="take-"]').forEach(function (choice) {
    choice.addEventListener("change", function () { say(CHOOSING); });
  });
  window.addEventListener("online", function () { later(0); });
  // Back from another page the form is shown as it was left, and saves again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      sent = false;
      waiting = null;
      stopped = choosing;
      say("");
    }
  });

  report.showHints();
  offerCopy();
  if (choosing) {
    say(CHOOSING);
  } else if (form.dataset.left) {
    say(form.dataset.left + ". Alles andere ist gespeichert.");
  } else if ("unsaved" in form.dataset) {
    say("Noch nicht gespeichert. Sobald Sie weiterschreiben, wird wieder von selbst gespeichert.");
  }
})(window.reportForm);
