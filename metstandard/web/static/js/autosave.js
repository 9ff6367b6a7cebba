// Autosave. A form, or a part of one, with data-autosave="URL" is sent to that URL within five seconds after typing and
// when a field is left. "Saved" is shown only after the server said so. Nothing is kept in the browser's storage.
//
//   <form method="post" data-autosave="/reviews/7/sheet/1.1/save"> ... <input type="hidden" name="revision" value="3">
//     <span data-autosave-status role="status"></span>
//
// The answer: 200 {"saved_at": "2:03pm", "revision": 4}, otherwise {"error": "...", "field": "..."}. It may bring
// {"notes": {"id": "text"}}: what elements of the page now say about what was saved.

const AFTER_TYPING = 2000;
const AT_MOST = 4500;
const FIRST_RETRY = 3000;
const LONGEST_RETRY = 20000;
const GIVES_UP_AFTER = 15000;

export function startAutosave(root = document) {
  for (const part of root.querySelectorAll("[data-autosave]")) new Autosave(part);
}

class Autosave {
  constructor(part) {
    this.part = part;
    this.form = part.closest("form");
    this.status = part.querySelector("[data-autosave-status]") || this.makeStatus();
    this.edits = 0; // how many changes were made, and how many of them the server has
    this.saved = 0;
    this.busy = false;
    this.stopped = false;
    this.firstChange = 0;
    this.retryAfter = FIRST_RETRY;
    part.addEventListener("input", () => this.changed(AFTER_TYPING));
    part.addEventListener("change", () => this.changed(0));
    part.addEventListener("focusout", () => this.dirty() && this.schedule(0));
    window.addEventListener("online", () => this.dirty() && this.schedule(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.dirty() && this.send(true));
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty() && this.form?.dataset.sent !== "yes") event.preventDefault();
    });
    // The whole form takes everything with it: no autosave may overtake it with the same revision.
    this.form?.addEventListener("submit", () => this.pause());
    window.addEventListener("pageshow", () => (this.stopped = false));
  }

  makeStatus() {
    const status = document.createElement("p");
    status.className = "met-saved";
    status.setAttribute("role", "status");
    this.part.append(status);
    return status;
  }

  dirty() {
    return this.edits > this.saved;
  }

  changed(wait) {
    this.edits += 1;
    if (!this.firstChange) this.firstChange = Date.now();
    const left = Math.max(0, this.firstChange + AT_MOST - Date.now());
    this.schedule(Math.min(wait, left));
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(false), wait);
  }

  pause() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  body() {
    const data = new FormData(this.form || undefined);
    if (this.part === this.form) return withoutFiles(data);
    const own = new FormData();
    const names = new Set([...this.part.querySelectorAll("[name]")].map((field) => field.name));
    for (const [name, value] of data) if (names.has(name) || name === "csrf_token") own.append(name, value);
    return withoutFiles(own);
  }

  async send(leaving) {
    if (this.stopped || !this.dirty()) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.timer);
    const sending = this.edits;
    this.firstChange = 0;
    this.say("saving", "Saving…");
    try {
      const answer = await fetch(this.part.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(this.body()),
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "error",
        keepalive: leaving,
        signal: leaving ? undefined : AbortSignal.timeout(GIVES_UP_AFTER),
      });
      await this.heard(answer, sending);
    } catch {
      this.retry("Not saved: no connection. We keep trying.");
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.schedule(0);
      }
    }
  }

  async heard(answer, sending) {
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && said.saved_at) return this.keep(said, sending);
    if (answer.status === 401) {
      return this.retry("Not saved: you are signed out. ", link(this.part.dataset.signIn || "/sign-in", "Sign in", true), ", then come back. We keep trying.");
    }
    if (answer.status === 409) {
      this.pause();
      return this.say("failed", `Not saved: ${said.error || "somebody else changed this."} `, this.versions(said));
    }
    if (answer.status === 400 && said.csrf_token && !this.renewed) {
      // Signed in anew in another tab: the old page gets the new session's token once.
      this.renewed = true;
      for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = said.csrf_token;
      return this.schedule(0);
    }
    if (answer.status >= 500 || answer.status === 429) return this.retry("Not saved: the service is busy. We keep trying.");
    return this.refused(said);
  }

  keep(said, sending) {
    this.saved = Math.max(this.saved, sending);
    this.retryAfter = FIRST_RETRY;
    this.renewed = false;
    const revision = this.part.querySelector("[name=revision], [name^='revision-']") || this.form?.querySelector("[name=revision]");
    if (revision && said.revision !== undefined) revision.value = said.revision;
    this.marked?.removeAttribute("aria-invalid");
    for (const [id, text] of Object.entries(said.notes || {})) note(id, text);
    if (this.dirty()) return this.schedule(AFTER_TYPING);
    return this.say("saved", `Saved ${said.saved_at}`);
  }

  refused(said) {
    const field = said.field && this.part.querySelector(`[name="${CSS.escape(said.field)}"]`);
    if (field) {
      field.setAttribute("aria-invalid", "true");
      this.marked = field;
    }
    this.say("failed", `Not saved: ${said.error || "the server refused this."}`);
  }

  versions(said) {
    if (said.versions) return link(said.versions, "See both versions", false);
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "met-linklike";
    button.textContent = "See both versions";
    return button;
  }

  retry(...words) {
    this.say("failed", ...words);
    this.schedule(this.retryAfter);
    this.retryAfter = Math.min(this.retryAfter * 1.5, LONGEST_RETRY);
  }

  say(state, ...words) {
    const text = words.map((word) => (typeof word === "string" ? word : word.textContent)).join("");
    if (this.status.dataset.state === state && this.status.textContent === text) return;
    // "Saving…" does not wipe away a failure that still stands.
    if (state === "saving" && this.status.dataset.state === "failed") return;
    this.status.dataset.state = state;
    this.status.replaceChildren(...words);
  }
}

function note(id, text) {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
}

function withoutFiles(data) {
  const kept = new FormData();
  for (const [name, value] of data) if (typeof value === "string") kept.append(name, value);
  return kept;
}

function link(href, text, newTab) {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = newTab ? `${text} (opens in a new tab)` : text;
  anchor.className = "govuk-link";
  if (newTab) {
    anchor.target = "_blank";
    anchor.rel = "noopener";
  }
  return anchor;
}
