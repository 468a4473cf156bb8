/* Files for a customer: chosen, dropped or pasted, looked at, shown above the text box, and sent with what is written there. */
window.files = (() => {
  const chosen = new Map(); // what waits to be sent, by chat
  const MB = 2 ** 20;
  let sending = null; // the chat whose files are on their way

  const place = () => document.querySelector("[data-files]");
  const part = (selector) => place()?.querySelector(selector);
  const waiting = (chat) => (chosen.get(chat) || []).length > 0;

  function size(bytes) {
    const { kilobytes, megabytes } = place().dataset, [words, number] =
      bytes < MB ? [kilobytes, Math.max(1, Math.round(bytes / 1024))] : [megabytes, Math.round(bytes / MB * 10) / 10];
    return words.replace("{number}", number.toLocaleString(document.documentElement.lang));
  }

  function tell(words) {
    const shown = part(".problem");
    shown.textContent = words || "";
    shown.hidden = !words;
  }

  /* The server looks again; here it only spares people the way there. */
  function problem(file) {
    const known = place().dataset, picture = /\.(jpe?g|png|webp|heic|gif)$/i.test(file.name);
    const largest = Number(picture ? known.largestImage : known.largest);
    const told = (words) => words.replace("{name}", file.name).replace("{limit}", Math.floor(largest / MB));
    const ending = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
    if (!known.types.split(",").includes(ending)) return told(known.wrongType);
    if (!file.size) return told(known.empty);
    return file.size > largest ? told(known.tooLarge) : "";
  }

  function add(list) {
    const chat = window.live.writable();
    if (!chat || !list.length) return;
    const known = place().dataset, kept = [...(chosen.get(chat) || [])], told = [];
    for (const file of list) {
      const wrong = problem(file);
      const together = kept.reduce((sum, each) => sum + each.size, file.size);
      if (wrong) told.push(wrong);
      else if (kept.length >= Number(known.most)) told.push(known.tooMany);
      else if (together > Number(known.together)) told.push(known.tooLargeTogether);
      else kept.push(file);
    }
    chosen.set(chat, kept);
    draw(chat);
    tell([...new Set(told)].join(" "));
  }

  function draw(chat) {
    const list = part(".enclosed");
    if (!list) return;
    const files = chosen.get(chat) || [];
    if (list.chat !== chat) tell("");
    list.chat = chat;
    list.replaceChildren(...files.map((file, at) => {
      const row = document.createElement("li"), name = document.createElement("span"), gone = document.createElement("button");
      row.dataset.testid = "enclosed-file";
      name.className = "name";
      name.textContent = `📎 ${file.name} · ${size(file.size)}`;
      Object.assign(gone, { type: "button", className: "quiet", textContent: "×", disabled: sending === chat });
      gone.setAttribute("aria-label", place().dataset.remove.replace("{name}", file.name));
      gone.addEventListener("click", () => {
        chosen.set(chat, files.filter((_, other) => other !== at));
        draw(chat);
        tell("");
      });
      row.append(name, gone);
      return row;
    }));
    part("progress").hidden = !sending || sending !== chat;
  }

  function send(chat, caption, done) {
    if (sending) return;
    const files = chosen.get(chat), known = place().dataset;
    const list = new TextEncoder().encode(
      JSON.stringify({ caption, files: files.map((file) => ({ name: file.name, size: file.size })) }));
    const request = new XMLHttpRequest();
    request.open("POST", `${known.address}?chat=${chat}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-list", String(list.length));
    request.upload.onprogress = (event) => { part("progress").value = event.total ? event.loaded / event.total : 0; };
    request.onloadend = () => {
      sending = null;
      part("progress").value = 0;
      if (request.status === 204) {
        chosen.delete(chat);
        done();
      }
      draw(window.live.writable());
      if (request.status === 401) location.assign("/console/sign-in");
      else if (request.status !== 204) tell(said(request) || known.failed);
    };
    sending = chat;
    draw(chat);
    tell("");
    request.send(new Blob([list, ...files]));
  }

  function said(request) {
    try { return JSON.parse(request.responseText).problem; } catch { return ""; }
  }

  const pane = (event) => event.target instanceof Element && event.target.closest(".chat-pane");
  const carries = (event) => window.live?.writable() && [...(event.dataTransfer?.types || [])].includes("Files");
  const mark = (shown, on) => shown?.toggleAttribute("data-dropping", on);

  document.addEventListener("change", (event) => {
    if (event.target !== part("input[type=file]")) return;
    add(event.target.files);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    if (!pane(event) || !event.clipboardData?.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  document.addEventListener("dragover", (event) => {
    if (!place() || !carries(event)) return;
    event.preventDefault();
    mark(pane(event), true);
  });
  document.addEventListener("dragleave", (event) => {
    const left = pane(event);
    if (left && !left.contains(event.relatedTarget)) mark(left, false);
  });
  document.addEventListener("drop", (event) => {
    if (!place() || !carries(event)) return;
    event.preventDefault(); // a file that misses its place must not take the page away
    mark(document.querySelector(".chat-pane"), false);
    if (pane(event)) add(event.dataTransfer.files);
  });

  return { add, draw, waiting, send, choose: () => part("input[type=file]")?.click() };
})();
