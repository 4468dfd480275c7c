// What makes pages nicer where scripts run. Every page works without.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  document.documentElement.classList.add("live");

  // What went wrong is read first.
  const first = one("[data-focus]");
  if (first) first.focus();

  // A form is sent once, however often the button is pressed; a page brought back by the browser may send again.
  for (const form of all("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      const button = event.submitter;
      if (button) button.setAttribute("aria-busy", "true");
    });
  }
  addEventListener("pageshow", (event) => {
    for (const form of all("form[data-once]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
    }
    // Nobody finds another child's name in the form.
    if (event.persisted) for (const form of all("form[data-forget]")) form.reset();
  });

  // Show and hide a password.
  for (const button of all("[data-show]")) {
    const field = document.getElementById(button.dataset.show);
    const words = one("span", button);
    const show = words.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", String(hidden));
      words.textContent = hidden ? button.dataset.hideText : show;
      field.focus();
    });
    if (field.form) field.form.addEventListener("submit", () => { field.type = "password"; });
  }

  // Password rules turn to check marks while one types.
  for (const list of all("[data-rules]")) {
    const field = document.getElementById(list.dataset.rules);
    const again = document.getElementById("verify");
    const check = () => {
      const typed = [...field.value.normalize("NFKC")].length;
      for (const rule of all("[data-rule]", list)) {
        const met = rule.dataset.rule === "length"
          ? typed >= Number(rule.dataset.min)
          : field.value !== "" && field.value === again.value;
        rule.classList.toggle("met", met);
        let state = one(".off", rule);
        if (!state) {
          state = document.createElement("span");
          state.className = "off";
          rule.append(state);
        }
        state.textContent = " (" + (met ? list.dataset.met : list.dataset.open) + ")";
      }
    };
    list.setAttribute("aria-live", "polite");
    for (const input of [field, again]) input.addEventListener("input", check);
    check();
  }

  // Copy the username; print the card or the guide.
  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const words = one("span", button);
    words.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      words.textContent = button.dataset.done;
    });
  }
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // "2 of 3 answered".
  for (const box of all("[data-questions]")) {
    const status = one("[data-answered]");
    const need = Number(box.dataset.need);
    const count = () => {
      let done = 0;
      for (const card of all(".question", box)) {
        const given = one("input,select", card).value.trim() !== "";
        card.classList.toggle("answered", given);
        if (given) done += 1;
      }
      const over = status.dataset.exactly === "true" && done > need;
      status.textContent = over ? status.dataset.tooMany : status.dataset.answered.replace("#", String(done));
      status.classList.toggle("full", done >= need && !over);
      status.classList.toggle("over", over);
    };
    box.addEventListener("input", count);
    addEventListener("pageshow", count);
    count();
  }

  // Find an app while one types; "/" goes to the field, Escape empties it.
  const search = one("[data-search]");
  if (search) {
    const status = one("[data-search-status]");
    const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().trim();
    const groups = all("[data-group]");
    const filter = () => {
      const words = fold(search.value).split(/\s+/).filter(Boolean);
      const seen = new Set();
      for (const group of groups) {
        let any = false;
        for (const tile of all("[data-tile]", group)) {
          const hit = words.every((word) => tile.dataset.tile.includes(word));
          tile.hidden = !hit;
          if (hit) {
            any = true;
            seen.add(tile.dataset.app);
          }
        }
        group.hidden = !any;
      }
      const [none, single, many] = search.dataset.found.split("|");
      status.textContent = words.length === 0 ? ""
        : seen.size === 0 ? none
        : seen.size === 1 ? single
        : many.replace("#", String(seen.size));
    };
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        search.value = "";
        filter();
      }
    });
    addEventListener("keydown", (event) => {
      const typing = event.target.closest("input,select,textarea,[contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.focus();
      }
    });
  }

  // One menu at a time; Escape and a click elsewhere close it.
  const menus = all("details.menu");
  const close = (except) => {
    for (const menu of menus) if (menu !== except && menu.open) menu.open = false;
  };
  for (const menu of menus) {
    menu.addEventListener("toggle", () => { if (menu.open) close(menu); });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        one("summary", menu).focus();
      }
    });
    if (menu.open && location.hash === "#" + one("summary", menu).id) one("summary", menu).focus();
  }
  if (menus.length) addEventListener("click", (event) => close(event.target.closest("details.menu")));

  // The form that carries an answer to an app sends itself.
  const carrier = one("form[data-submit]");
  if (carrier) carrier.submit();
})();
