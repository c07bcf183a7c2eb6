// What stands in the report form: read, compared, filled in again; lines added.
(function (report) {
  "use strict";

  var form = document.getElementById("report-form");

  function entries() {
    var found = [];
    new FormData(form).forEach(function (value, name) {
      if (!/^(csrf_token|copy_id|draft_version|theirs|take-.*)$/.test(name)) {
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

  form.querySelectorAll("[data-add-line]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      addLine(button.dataset.addLine).querySelector("input").focus();
    });
  });

  function fill(copy) {
    form.querySelectorAll("[name]").forEach(function (input) {
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = false;
      } else if (input.type !== "hidden") {
        input.value = "";
      }
    });
    copy.entries.forEach(function (entry) {
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
    // With its version: if somebody else has saved since, saving shows both texts.
    form.elements.draft_version.value = copy.version;
  }

  report.entries = entries;
  report.comparable = comparable;
  report.fill = fill;
})(window.reportForm);
