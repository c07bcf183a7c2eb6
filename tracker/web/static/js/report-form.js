// The report form's comforts: it saves by itself, keeps a copy until that has worked, shows what
// is needed next. Without this script every field is there and the buttons do the same.
(function () {
  "use strict";

  var PREFIX = "meldung:";
  var KEEP_DAYS = 7;
  var SAVE_AFTER = 3000;
  var TRY_AGAIN_AFTER = 10000;

  // --- The browser's own copy of a text that is not saved yet ----------------------------------

  function eachCopy(visit) {
    try {
      Object.keys(window.localStorage).forEach(function (key) {
        if (key.indexOf(PREFIX) === 0) {
          visit(key, JSON.parse(window.localStorage.getItem(key)));
        }
      });
    } catch (ignored) { /* storage switched off or unreadable: there is no copy */ }
  }

  function forget(key) {
    try {
      window.localStorage.removeItem(key);
    } catch (ignored) { /* nothing to forget */ }
  }

  function forgetOld() {
    eachCopy(function (key, copy) {
      if (!copy || Date.now() - copy.at > KEEP_DAYS * 86400000) {
        forget(key);
      }
    });
  }

  // The server names the copy whose text it has just stored.
  function forgetStored() {
    var address = new URL(window.location.href);
    var stored = address.searchParams.get("gespeichert");
    if (!stored) {
      return;
    }
    eachCopy(function (key, copy) {
      if (copy && copy.id === stored) {
        forget(key);
      }
    });
    address.searchParams.delete("gespeichert");
    window.history.replaceState(null, "", address);
  }

  forgetOld();
  forgetStored();

  var form = document.getElementById("report-form");
  if (!form) {
    return;
  }
  var copyKey = PREFIX + form.dataset.copyKey;
  var copyId = Date.now().toString(36) + "-" + Math.random().toString(36).slice(2, 10);
  form.elements.copy_id.value = copyId;

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

  function keepCopy() {
    try {
      window.localStorage.setItem(copyKey, JSON.stringify({
        id: copyId,
        version: form.elements.draft_version.value,
        at: Date.now(),
        entries: entries()
      }));
      return true;
    } catch (ignored) {
      return false;
    }
  }

  // --- Lines (Fördermittel, Meilensteine) ------------------------------------------------------

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

  // --- Offering the copy again -----------------------------------------------------------------

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

  function offerCopy() {
    var box = document.getElementById("restore");
    var copy = null;
    eachCopy(function (key, found) {
      if (key === copyKey) {
        copy = found;
      }
    });
    // A refused page shows what was posted: that copy is on the screen already.
    if (!copy || copy.id === form.dataset.postedCopy || comparable(copy.entries) === comparable(entries())) {
      return;
    }
    var when = new Date(copy.at).toLocaleString("de-DE", { dateStyle: "medium", timeStyle: "short" });
    document.getElementById("restore-title").textContent =
      "Auf diesem Gerät liegt ungespeicherter Text vom " + when + ".";
    box.hidden = false;
    document.getElementById("restore-take").addEventListener("click", function () {
      fill(copy);
      box.hidden = true;
      openFilled();
      changed();
      form.querySelector("textarea").focus();
    });
    document.getElementById("restore-drop").addEventListener("click", function () {
      forget(copyKey);
      box.hidden = true;
      form.querySelector("textarea").focus();
    });
  }

  // --- What is needed, what is filled ----------------------------------------------------------

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

  // --- Saving by itself ------------------------------------------------------------------------

  var status = document.getElementById("autosave-status");
  var timer = null;
  var saving = false;
  var stopped = false;
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
    showNeeds();
    showFilled();
    showLengths();
    if (comparable(entries()) === savedState) {
      return;
    }
    var kept = keepCopy();
    if (stopped) {
      return;
    }
    say(kept ? "Noch nicht gespeichert …" : "Noch nicht gespeichert. Bitte speichern Sie selbst.");
    later(SAVE_AFTER);
  }

  function save() {
    if (saving || stopped) {
      return;
    }
    var state = comparable(entries());
    saving = true;
    window.fetch(form.getAttribute("action"), {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch", "Accept": "application/json" }
    }).then(function (response) {
      return response.json().then(function (answer) {
        return { ok: response.ok, status: response.status, answer: answer };
      });
    }).then(function (result) {
      saving = false;
      if (result.ok) {
        stored(state, result.answer);
      } else {
        refused(result.status, result.answer);
      }
    }).catch(function () {
      saving = false;
      say("Keine Verbindung. Ihr Text bleibt hier und auf diesem Gerät erhalten; es wird weiter versucht.");
      later(TRY_AGAIN_AFTER);
    });
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
      }
      text.remove();
    });
    problems.forEach(function (problem) {
      var input = document.getElementById(problem.field);
      if (!input) {
        return;
      }
      var older = document.getElementById(problem.field + "-error");
      if (older) {
        older.remove();
      }
      var text = document.createElement("p");
      text.className = "kern-error";
      text.id = problem.field + "-live-error";
      text.dataset.liveError = problem.field;
      text.textContent = problem.text;
      (input.tagName === "FIELDSET" ? input : input.parentElement).appendChild(text);
      input.setAttribute("aria-invalid", "true");
      var described = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", (described ? described + " " : "") + text.id);
    });
  }

  function stored(state, answer) {
    form.elements.draft_version.value = answer.version;
    savedState = state;
    markFields(answer.problems);
    var now = new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    say("Gespeichert " + now + " Uhr" + (answer.left ? " – " + answer.left : "."));
    if (comparable(entries()) === state) {
      if (answer.left) {
        keepCopy(); // what could not be stored is only here
      } else {
        forget(copyKey);
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

  form.addEventListener("focusin", showLengths);
  form.addEventListener("focusout", function () { window.setTimeout(showLengths); });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", function () {
    window.clearTimeout(timer);
    stopped = true;
    keepCopy(); // taken away as soon as the server has stored the text
  });
  // Whoever writes on in a text means that text, not the stored one.
  form.addEventListener("input", function (event) {
    var mine = document.getElementById("take-" + (event.target.name || "").split("-")[0] + "-mine");
    if (mine) {
      mine.checked = true;
    }
  });
  form.querySelectorAll('[name^="take-"]').forEach(function (choice) {
    choice.addEventListener("change", function () {
      say("Noch nicht gespeichert …");
      later(SAVE_AFTER);
    });
  });
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
  window.addEventListener("online", function () { later(0); });
  // Back from another page the form is shown as it was left, and saves again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      stopped = false;
    }
  });

  showNeeds();
  showFilled();
  showLengths();
  offerCopy();
  if ("unsaved" in form.dataset) {
    say("Noch nicht gespeichert. Sobald Sie weiterschreiben, wird wieder von selbst gespeichert.");
  }
})();
