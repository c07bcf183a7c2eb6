// What the server said about single fields, kept true while the form saves itself: errors, questions
// about names, sums.
(function (report) {
  "use strict";

  var form = document.getElementById("report-form");

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

  // An error of the page as it came is gone as soon as the server does not find it any more; so is
  // its line on top.
  function dropMended(open) {
    function isOpen(name) {
      return open.indexOf(name) >= 0;
    }
    form.querySelectorAll(".kern-error:not([data-live-error])").forEach(function (text) {
      var name = text.id.replace(/-error\d*$/, "");
      if (isOpen(name)) {
        return;
      }
      var input = document.getElementById(name);
      text.remove();
      if (input && !document.getElementById(name + "-live-error")) {
        input.removeAttribute("aria-invalid");
        frame(input, false);
      }
    });
    var lines = document.querySelectorAll("[data-summary]");
    lines.forEach(function (line) {
      if (!isOpen(line.dataset.summary)) {
        line.remove();
      }
    });
    if (lines.length && !document.querySelector("[data-summary]")) {
      var summary = document.getElementById("error-summary");
      summary.querySelector(".kern-title").textContent =
        "Die Angaben sind berichtigt. Die Meldung ist noch nicht abgesendet.";
      summary.classList.replace("kern-alert--danger", "kern-alert--info");
      summary.querySelector(".kern-icon").classList.replace("kern-icon--danger", "kern-icon--info");
    }
  }

  // Only what has changed is written, so that only this is read out.
  function write(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function showAnswer(answer) {
    markFields(answer.problems);
    dropMended(answer.open);
    form.querySelectorAll("[data-privacy]").forEach(function (place) {
      write(place, answer.hints[place.dataset.privacy] || "");
    });
    form.querySelectorAll("[data-sum]").forEach(function (place) {
      write(place, answer.sums[place.dataset.sum] || "");
    });
    form.elements.hinweise.value = answer.seen;
  }

  report.showAnswer = showAnswer;
})(window.reportForm);
