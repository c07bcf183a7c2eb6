// The browser's own copy of a text that is not saved yet. Loaded alone, as on "Meine Maßnahmen",
// it only takes away what is old or has been stored. First of the scripts of the report form,
// which share one object: window.reportForm.
window.reportForm = {};
(function (report) {
  "use strict";

  var PREFIX = "meldung:";
  var KEEP_DAYS = 7;

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

  // Returns whether the copy could be kept.
  function keep(key, copy) {
    try {
      window.localStorage.setItem(PREFIX + key, JSON.stringify(copy));
      return true;
    } catch (ignored) {
      return false;
    }
  }

  function find(key) {
    var copy = null;
    eachCopy(function (name, found) {
      if (name === PREFIX + key) {
        copy = found;
      }
    });
    return copy;
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

  report.keepCopy = keep;
  report.findCopy = find;
  report.forgetCopy = function (key) { forget(PREFIX + key); };
})(window.reportForm);
