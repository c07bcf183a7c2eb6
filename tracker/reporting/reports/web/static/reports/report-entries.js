// What stands in the report form: read, compared, filled in again; lines added.
(function (report) {
  "use strict";

  var form = document.getElementById("report-form");

  function entries() {
    var found = [];
    new FormData(form).forEach(function (value, name) {
      if (!/^(csrf_token|copy_id|draft_version|begonnen|theirs|hinweise|take-.*)$/.test(name)) {
        found.push([name, value]);
      }
    });
    return found;
  }

  // Empty lines and the kind of line break make no difference.
  function comparable(list) {
    return JSON.stringify(list.filter(function (item) {
      return item[1] !== "";
    }).map(function (item) {
      return [item[0], item[1].replace(/\r\n/g, "\n")];
    }).sort());
  }

  // One more line of Fördermittel or Meilensteine; the server numbers them anew.
  function addLine(name) {
    var holder = form.querySelector('[data-lines="' + name + '"]');
    var number = holder.querySelectorAll("[data-line]").length;
    var line = document.createElement("div");
    line.innerHTML = document.getElementById(name + "-template").innerHTML.replace(/__n__/g, number);
    line.querySelector("[data-line-number]").textContent = number + 1;
    holder.appendChild(line.firstElementChild);
    return holder.lastElementChild;
  }

  // Without script this button saves the draft and shows the form with one more line.
  form.querySelectorAll("[data-add-line]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      addLine(button.dataset.addLine).querySelector("input").focus();
    });
  });

  function base(name) {
    return name.split("-")[0];
  }

  // Puts these entries into the fields that `belongs` says yes to, and empties the others of them.
  function put(list, belongs) {
    form.querySelectorAll("[name]").forEach(function (input) {
      if (!belongs(input.name) || input.type === "hidden" || input.type === "submit") {
        return;
      }
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = false;
      } else {
        input.value = "";
      }
    });
    list.forEach(function (entry) {
      if (!belongs(entry[0])) {
        return;
      }
      var line = /^(funding|milestones)-(\d+)-/.exec(entry[0]);
      while (line && !form.elements[entry[0]] && Number(line[2]) < 60) {
        addLine(line[1]);
      }
      form.querySelectorAll('[name="' + window.CSS.escape(entry[0]) + '"]').forEach(function (input) {
        if (input.type === "radio" || input.type === "checkbox") {
          input.checked = input.checked || input.value === entry[1];
        } else {
          input.value = entry[1];
        }
      });
    });
  }

  function fill(copy) {
    put(copy.entries, function () { return true; });
    // With its version: if somebody else has saved since, saving shows both texts.
    form.elements.draft_version.value = copy.version;
    form.elements.begonnen.value = copy.begun || "";
  }

  // --- "übernehmen": what the last report said ------------------------------------------------------

  var before = JSON.parse(form.dataset.before);
  var takes = form.querySelectorAll('button[name="uebernehmen"]');

  function isOf(name) {
    return function (found) {
      return base(found) === name || (name === "staff" && found === "staff_unit");
    };
  }

  function of(name, list) {
    var belongs = isOf(name);
    return list.filter(function (entry) { return belongs(entry[0]); });
  }

  // Where both say the same there is nothing to take over.
  function showTakes() {
    var now = entries();
    takes.forEach(function (button) {
      var same = comparable(of(button.value, now)) === comparable(of(button.value, before));
      button.classList.toggle("report-take--same", same);
    });
  }

  takes.forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      put(before, isOf(button.value));
      var first = form.querySelector('[name="' + button.value + '"]:checked, textarea[name="' + button.value +
        '"], input[name="' + button.value + '"]') || document.getElementById(button.value);
      first.focus();
      first.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  // A ticked milestone was done today unless another day is typed; a typed day ticks it.
  form.addEventListener("input", function (event) {
    var tick = event.target;
    var name = tick.name || "";
    if (tick.dataset.done) {
      form.elements[tick.dataset.done].value = tick.checked ? new Date().toLocaleDateString("de-DE", {
        day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Europe/Berlin"
      }) : "";
    } else if (/^milestones-\d+-done_on$/.test(name)) {
      form.elements[name.replace("_on", "")].checked = tick.value.trim() !== "";
    }
  });

  report.entries = entries;
  report.comparable = comparable;
  report.fill = fill;
  report.showTakes = showTakes;
})(window.reportForm);
