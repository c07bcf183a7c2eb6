// What the report form shows while somebody writes: what is needed next, what is filled, how long
// texts are, what the server said about single fields. Paper has its own listeners at the end.
(function (report) {
  "use strict";

  var form = document.getElementById("report-form");

  function checked(name) {
    return form.querySelector('input[name="' + name + '"]:checked');
  }

  function mark(name, needed) {
    form.querySelector('[data-needed="' + name + '"]').hidden = !needed;
  }

  function showNeeds() {
    var standing = checked("implementation");
    var asked = !standing || standing.dataset.course !== "not_asked";
    document.getElementById("course-part").hidden = !asked;
    document.getElementById("course-not-asked").hidden = asked;
    var course = asked ? checked("course") : null;
    var reason = Boolean((standing && "reason" in standing.dataset) || (course && "reason" in course.dataset));
    var consequence = Boolean(course && "consequence" in course.dataset);
    mark("reason", reason);
    mark("consequence", consequence);
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
      if (on && input.name !== "staff_unit") {
        names[input.name.split("-")[0]] = true;
      }
    });
    return Object.keys(names).length;
  }

  function showFilled() {
    form.querySelectorAll(".report-section").forEach(function (section) {
      var count = isFilled(section);
      section.querySelector("[data-filled]").textContent =
        count ? count + " von " + section.dataset.total + " ausgefüllt" : "noch leer";
    });
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
  }

  // A field with an error looks as it does in the server's page (fields.html).
  function frame(input, wrong) {
    var shape = input.tagName === "FIELDSET" ? "kern-fieldset" : "kern-form-input";
    var holder = input.closest("." + shape);
    holder.classList.toggle(shape + "--error", wrong);
    return holder;
  }

  function sentence(problem) {
    var text = document.createElement("p");
    var icon = document.createElement("span");
    var words = document.createElement("span");
    text.className = "kern-error";
    text.id = problem.field + "-live-error";
    text.dataset.liveError = problem.field;
    icon.className = "kern-icon kern-icon--danger";
    icon.setAttribute("aria-hidden", "true");
    words.className = "kern-body";
    words.textContent = problem.text;
    text.append(icon, words);
    return text;
  }

  // What the server said about single fields stands at these fields, and goes when it is mended.
  function markFields(problems) {
    form.querySelectorAll("[data-live-error]").forEach(function (text) {
      var input = document.getElementById(text.dataset.liveError);
      var described = (input.getAttribute("aria-describedby") || "").split(" ");
      input.setAttribute("aria-describedby", described.filter(function (id) {
        return id !== text.id;
      }).join(" "));
      if (!document.getElementById(input.id + "-error")) {
        input.removeAttribute("aria-invalid");
        frame(input, false);
      }
      text.remove();
    });
    problems.forEach(function (problem) {
      var input = document.getElementById(problem.field);
      if (!input) {
        return;
      }
      form.querySelectorAll('[id^="' + problem.field + '-error"]').forEach(function (older) {
        older.remove();
      });
      var text = sentence(problem);
      frame(input, true).appendChild(text);
      input.setAttribute("aria-invalid", "true");
      var described = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", (described ? described + " " : "") + text.id);
    });
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

  report.markFields = markFields;
  report.openFilled = openFilled;
  report.showHints = function () {
    showNeeds();
    showFilled();
    showLengths();
  };
})(window.reportForm);
