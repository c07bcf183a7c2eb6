// What the report form shows while somebody writes: what is needed next, what is filled, how long
// texts are. Paper has its own listeners at the end.
(function (report) {
  "use strict";

  var form = document.getElementById("report-form");

  function checked(name) {
    return form.querySelector('input[name="' + name + '"]:checked');
  }

  // What is asked and what is needed the style sheet shows; this says it and unfolds the section.
  function showNeeds() {
    var standing = checked("implementation");
    var asked = !standing || standing.dataset.course !== "not_asked";
    var course = asked ? checked("course") : null;
    var reason = Boolean((standing && "reason" in standing.dataset) || (course && "reason" in course.dataset));
    var consequence = Boolean(course && "consequence" in course.dataset);
    var note = "";
    if (consequence) {
      note = "Dazu sind unten eine Begründung und ein Steuerungsvorschlag nötig.";
    } else if (reason) {
      note = "Dazu ist unten eine Begründung nötig.";
    }
    var box = document.getElementById("reason-note");
    if (box.textContent !== note) {
      box.textContent = note;
    }
    var old = document.querySelector("#consequence-before .report-before__text");
    var proposal = form.elements.consequence.value.trim();
    var stale = Boolean(course && !consequence && old && proposal &&
      old.textContent.trim() === proposal.replace(/\r\n/g, "\n"));
    var staleNote = stale ? document.getElementById("stale-words").content.textContent : "";
    var staleBox = document.getElementById("stale-note");
    if (staleBox.textContent !== staleNote) {
      staleBox.textContent = staleNote;
    }
    if (reason || stale) {
      document.getElementById("abschnitt-begruendung").open = true;
    }
  }

  // A field is counted once, whatever lines or choices it has.
  function isFilled(section) {
    var names = {};
    section.querySelectorAll("[name]").forEach(function (input) {
      var on = input.type === "checkbox" ? input.checked : input.value.trim() !== "";
      if (on && input.type !== "submit" && input.name !== "staff_unit") {
        names[input.name.split("-")[0]] = true;
      }
    });
    return Object.keys(names).length;
  }

  function showFilled() {
    form.querySelectorAll(".report-section").forEach(function (section) {
      var count = isFilled(section);
      var wrong = section.querySelectorAll("[aria-invalid]").length;
      section.querySelector("[data-filled]").textContent =
        (count ? count + " von " + section.dataset.total + " ausgefüllt" : "noch leer") +
        (wrong ? ", " + wrong + " zu prüfen" : "");
      section.querySelector("[data-filled-mark]").hidden = !count || wrong > 0;
    });
    var past = document.getElementById("step-is-past");
    var step = form.elements.next_step_on;
    if (past) {
      past.hidden = step.value !== step.defaultValue;
    }
  }

  function openFilled() {
    form.querySelectorAll(".report-section").forEach(function (section) {
      section.open = section.open || isFilled(section) > 0;
    });
  }

  function showLengths() {
    form.querySelectorAll("textarea[data-limit]").forEach(function (area) {
      var counter = form.querySelector('[data-counter="' + area.id + '"]');
      var length = Array.from(area.value).length;
      var limit = Number(area.dataset.limit);
      // Once shown it stays: if it went with the focus, what stands below would move away from
      // under the mouse in the middle of a click, and the click would be lost.
      counter.hidden = counter.hidden && document.activeElement !== area && length < limit / 2;
      counter.classList.toggle("report-counter--over", length > limit);
      counter.textContent = length.toLocaleString("de-DE") + " von " + limit.toLocaleString("de-DE") +
        " Zeichen" + (length > limit ? ": bitte kürzen" : "");
    });
    window.clearTimeout(lengthTimer);
    lengthTimer = window.setTimeout(sayLength, PAUSE);
  }

  // The counter is seen all the time and said only near its end, once somebody pauses.
  var PAUSE = 1500;
  var lengthTimer = null;

  function sayLength() {
    var area = document.activeElement;
    var limit = area && area.dataset ? Number(area.dataset.limit) : 0;
    var near = limit && Array.from(area.value).length > 0.9 * limit;
    var note = near ? form.querySelector('[data-counter="' + area.id + '"]').textContent : "";
    var box = document.getElementById("length-note");
    if (box.textContent !== note) {
      box.textContent = note;
    }
  }

  // Paper has nothing to unfold and nothing to scroll.
  window.addEventListener("beforeprint", function () {
    form.querySelectorAll(".report-section").forEach(function (section) {
      section.dataset.wasOpen = section.open ? "1" : "";
      section.open = true;
    });
    form.querySelectorAll("textarea").forEach(function (area) {
      area.style.minHeight = area.scrollHeight + 4 + "px";
    });
  });
  window.addEventListener("afterprint", function () {
    form.querySelectorAll(".report-section").forEach(function (section) {
      section.open = section.dataset.wasOpen === "1";
    });
    form.querySelectorAll("textarea").forEach(function (area) {
      area.style.minHeight = "";
    });
  });
  form.addEventListener("focusin", showLengths);
  form.addEventListener("focusout", function () { window.setTimeout(showLengths); });

  report.openFilled = openFilled;
  report.showHints = function () {
    showNeeds();
    showFilled();
    showLengths();
    report.showTakes();
  };
})(window.reportForm);
