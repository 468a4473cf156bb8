/* Live pages of the console: pieces come from the server, acts go to it, and what needs no server stays here. */
window.live = (() => {
  const drafts = new Map();
  let root = null, state = {}, floor = { waiting: 0, offered: [] }, typed = 0, searching = 0, audio = null;

  const one = (selector) => root && root.querySelector(selector);
  const box = () => one(".composer textarea");
  const act = (name, detail = {}) =>
    root.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { act: name, ...detail } }));
  const inField = (node) => node && node.matches("input, textarea, select");

  /* ---- what the server sends ---- */

  function show(pieces) {
    root = root || document.querySelector("[data-live]");
    if (!root) return;
    const { state: next, floor: now, ...rest } = pieces;
    if (next) enter(next);
    for (const [name, piece] of Object.entries(rest)) {
      if (Array.isArray(piece)) fill(one(`[data-list="${name}"]`), piece);
      else if (one(`[data-region="${name}"]`)) one(`[data-region="${name}"]`).innerHTML = piece;
    }
    if (now) arrived(now);
    tick();
  }

  /* Children are kept by their keys: those that did not change keep the focus, and pictures are not loaded again. */
  function fill(list, items) {
    const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
    let place = list.firstElementChild;
    for (const [key, html] of items) {
      let node = old.get(key);
      if (!node || node.source !== html) {
        const made = document.createElement("div");
        made.innerHTML = html;
        const fresh = made.firstElementChild;
        fresh.dataset.key = key;
        fresh.source = html;
        if (node) {
          const focused = node.contains(document.activeElement);
          if (place === node) place = fresh;
          node.replaceWith(fresh);
          if (focused) (fresh.matches("button") ? fresh : fresh.querySelector("button"))?.focus();
        }
        node = fresh;
      }
      old.delete(key);
      if (place === node) place = node.nextElementSibling;
      else list.insertBefore(node, place);
    }
    for (const gone of old.values()) gone.remove();
  }

  function enter(next) {
    const field = box();
    if (field && next.chat !== state.chat) {
      if (state.chat) drafts.set(state.chat, field.value);
      field.value = (next.chat && drafts.get(next.chat)) || "";
      typed = 0;
      grow(field);
      if (one("[data-search]").value) { one("[data-search]").value = ""; show({ found: "" }); }
      const address = next.chat ? `?chat=${next.chat}` : location.pathname;
      history.replaceState(history.state, "", address);
    }
    if (state.chat && !next.chat && root.dataset.view !== "list") view("list");
    if (state.rings !== undefined && next.rings > state.rings) ring();
    const moved = next.chat !== state.chat || next.writable !== state.writable;
    state = next;
    root.toggleAttribute("data-open", Boolean(state.chat));
    root.toggleAttribute("data-writable", Boolean(state.writable));
    root.toggleAttribute("data-current", Boolean(state.current));
    if (moved && state.writable && matchMedia("(min-width: 761px)").matches && !inField(document.activeElement)) field.focus();
    title();
    offerCanned();
    window.files?.draw(state.chat);
  }

  function arrived(now) {
    if (now.offered.some((each) => !floor.offered.includes(each))) ring();
    floor = now;
    if (one("[data-count]")) one("[data-count]").textContent = now.waiting || "";
    title();
  }

  /* ---- what needs no server ---- */

  function title() {
    const number = (state.unread || 0) + floor.offered.length;
    document.title = (number ? `(${number}) ` : "") + root.dataset.title;
  }

  const loud = () => localStorage.getItem("desk-sound") === "on";

  function ring() {
    root.dataset.rang = Number(root.dataset.rang || 0) + 1;
    if (!loud()) return;
    audio = audio || new AudioContext();
    const tone = audio.createOscillator(), volume = audio.createGain(), now = audio.currentTime;
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.12, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(now);
    tone.stop(now + 0.35);
  }

  function bell() {
    const button = one(".bell");
    if (!button) return;
    button.textContent = loud() ? "🔔" : "🔕";
    button.title = loud() ? button.dataset.on : button.dataset.off;
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", String(loud()));
  }

  const two = (number) => String(Math.floor(number)).padStart(2, "0");

  function tick() {
    if (!root) return;
    bell();
    const now = Date.now() / 1000;
    for (const timer of root.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, now - Number(timer.dataset.since));
      const hours = Math.floor(seconds / 3600);
      timer.textContent = (hours ? `${hours}:${two((seconds / 60) % 60)}` : Math.floor(seconds / 60)) + `:${two(seconds % 60)}`;
    }
    for (const time of root.querySelectorAll("time[data-at]:empty")) {
      const at = new Date(Number(time.dataset.at) * 1000), today = at.toDateString() === new Date().toDateString();
      time.textContent = at.toLocaleString([], today ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" });
      time.dateTime = at.toISOString();
    }
  }

  function grow(field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
  }

  function insert(chat, text) {
    if (chat !== state.chat) return drafts.set(chat, text);
    const field = box();
    field.value = text;
    grow(field);
    field.focus();
    offerCanned();
  }

  /* ---- writing ---- */

  const canned = () => {
    const typing = /^\/(\S*)$/.exec(box()?.value || "");
    return typing ? (state.canned || []).filter(([name]) => name.startsWith(typing[1].toLowerCase())) : [];
  };

  function offerCanned() {
    const list = one(".canned");
    if (!list) return;
    const found = canned();
    list.hidden = !found.length;
    list.replaceChildren(...found.slice(0, 8).map(([name, text], place) => {
      const option = document.createElement("button");
      Object.assign(option, { type: "button", className: "choice" });
      option.dataset.shortcut = name;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === 0));
      option.append(Object.assign(document.createElement("b"), { textContent: `/${name}` }), ` ${text}`);
      return option;
    }));
  }

  function choose(step) {
    const options = [...root.querySelectorAll(".canned [role=option]")];
    const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    options.forEach((each, place) =>
      each.setAttribute("aria-selected", String(place === (at + step + options.length) % options.length)));
  }

  const pick = (shortcut) => act("canned", { chat: state.chat, shortcut });

  function send() {
    const field = box(), text = field.value, chat = state.chat;
    if (!state.writable) return;
    const found = canned();
    if (found.length) return pick(one(".canned [aria-selected=true]")?.dataset.shortcut || found[0][0]);
    if (window.files?.waiting(chat)) return window.files.send(chat, text, () => written(chat, text));
    if (!text.trim()) return;
    written(chat, text);
    act("send", { chat, text });
  }

  /* What was sent is taken out of the box, unless somebody went on writing there meanwhile. */
  function written(chat, text) {
    drafts.delete(chat);
    if (chat !== state.chat || box().value !== text) return;
    box().value = "";
    typed = 0;
    grow(box());
    one(".scroller").scrollTop = 0;
  }

  function typing() {
    const now = Date.now();
    if (!state.writable || !box().value.trim() || box().value.startsWith("/") || now - typed < 4000) return;
    typed = now; // clients show it for five seconds
    act("typing", { chat: state.chat });
  }

  /* ---- moving about ---- */

  function go(step) {
    const chats = [...root.querySelectorAll("[data-list=chats] [data-chat]")];
    if (!chats.length) return;
    const at = chats.findIndex((each) => each.dataset.chat === state.chat);
    const next = chats[at < 0 ? 0 : (at + step + chats.length) % chats.length];
    act("open", { chat: next.dataset.chat });
    if (root.querySelector("[data-list=chats]").contains(document.activeElement)) next.focus();
  }

  const view = (name) => { root.dataset.view = name; };

  function dialog(html) {
    const shown = one("[data-dialog]");
    shown.innerHTML = html;
    if (!html) shown.close();
    else if (!shown.open) shown.showModal();
    tick();
  }

  /* An open dialog lies above all that is told in passing, so it tells that itself. */
  function problem(words) {
    const shown = one("[data-dialog][open]");
    if (!shown) return;
    const told = shown.querySelector(".problem") || shown.appendChild(document.createElement("p"));
    Object.assign(told, { className: "problem", textContent: words });
    told.setAttribute("role", "alert");
    told.dataset.testid = "dialog-problem";
  }

  const local = {
    back: () => view("list"),
    context: () => view("context"),
    "leave-context": () => view("chat"),
    close: () => dialog(""),
    send,
    attach: () => window.files?.choose(),
    insert: () => insert(state.chat, state.suggested),
    bell() { localStorage.setItem("desk-sound", loud() ? "off" : "on"); bell(); if (loud()) ring(); },
  };

  function pressed(event) {
    const button = event.target.closest("[data-act], [data-local], [data-shortcut]");
    if (!button) return;
    if (button.dataset.local) return local[button.dataset.local]();
    if (button.dataset.shortcut) return pick(button.dataset.shortcut);
    const { act: name, testid, ...detail } = button.dataset;
    const fields = button.closest(".noting, .reading, dialog")?.querySelectorAll("[data-field]") || [];
    for (const field of fields) detail[field.dataset.field] = field.value;
    if (["note", "use"].includes(name)) detail.chat = state.chat;
    if (name === "note") for (const field of fields) field.value = "";
    if (name === "open") view("chat");
    button.closest("details.drop")?.removeAttribute("open");
    act(name, detail);
  }

  function typedKey(event) {
    const field = event.target;
    if (event.isComposing) return;
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      return go(event.key === "ArrowUp" ? -1 : 1);
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (field === box()) {
      if (step && canned().length) { event.preventDefault(); return choose(step); }
      if (event.key === "Tab" && canned().length) { event.preventDefault(); return send(); }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); return send(); }
    } else if (step && field.closest("[data-list=chats]")) {
      event.preventDefault();
      return go(step);
    }
    if (event.key === "/" && !inField(field)) { event.preventDefault(); view("context"); one("[data-search]")?.focus(); }
    if (event.key === "Escape" && !one("dialog[open]")) {
      if (inField(field)) field.blur();
      else view(root.dataset.view === "context" ? "chat" : "list");
      one(".canned")?.toggleAttribute("hidden", true);
    }
  }

  function changed(event) {
    if (event.target === box()) { grow(box()); offerCanned(); typing(); }
    if (event.target.matches("[data-search]")) {
      clearTimeout(searching);
      searching = setTimeout(() => state.chat && act("search", { chat: state.chat, text: event.target.value }), 250);
    }
  }

  const here = (listener) => (event) => { if (root && (root.contains(event.target) || event.target === document.body)) listener(event); };
  document.addEventListener("click", here(pressed));
  document.addEventListener("keydown", here(typedKey));
  document.addEventListener("input", here(changed));
  setInterval(tick, 1000);

  const writable = () => (state.writable ? state.chat : null);

  return { show, insert, dialog, problem, writable, opened: () => view("chat"), go: (address) => location.assign(address) };
})();
