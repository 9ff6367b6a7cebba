// File upload, one request per file, with progress and retry. Without this script the same form sends all files at once.
//
//   <form method="post" enctype="multipart/form-data" data-upload> ... <input type="file" name="files" multiple data-megabytes="20">
//
// Each file goes to the form's own address with the form's other fields, and `together`: how many were chosen. The answer:
// 2xx {"name": "...", "saved_at": "2:03pm"}, otherwise {"error": "...", "field": "..."}. When every file has arrived the page
// is read again, or the address in `data-upload` is opened. Those that have not arrived stay chosen: sending the form once
// more sends them alone. A refusal of another field than the file stops the rest, which would be refused just so.

export function startUploads(root = document) {
  for (const form of root.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const field = form.querySelector("input[type=file]");
      if (!field || !field.files.length) return;
      event.preventDefault();
      if (form.dataset.uploading === "yes") return;
      new Batch(form, field).start();
    }, { capture: true });
  }
}

class Batch {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    this.limit = Number(field.dataset.megabytes || 0) * 1024 * 1024;
    this.list = form.querySelector(".met-uploads") || this.makeList();
    this.files = [];
    this.stopped = false;
  }

  makeList() {
    const list = document.createElement("ul");
    list.className = "met-uploads";
    this.field.closest(".govuk-form-group").after(list);
    return list;
  }

  async start() {
    this.form.dataset.uploading = "yes";
    this.list.replaceChildren();
    const base = new FormData(this.form);
    base.delete(this.field.name);
    base.set("together", String(this.field.files.length));
    this.files = [...this.field.files].map((file) => ({ file, at: this.addRow(file), arrived: false }));
    for (const one of this.files) if (!this.stopped) await this.send(base, one);
    this.finish();
  }

  addRow(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "met-uploads__name";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "met-uploads__state";
    state.setAttribute("role", "status");
    state.textContent = "Waiting";
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    row.append(name, state, bar);
    this.list.append(row);
    return { row, state, bar };
  }

  send(base, one) {
    const { file, at } = one;
    if (this.limit && file.size > this.limit) {
      this.fail(base, one, `Too large: the limit is ${this.field.dataset.megabytes} MB`, false);
      return Promise.resolve();
    }
    const body = new FormData();
    for (const [name, value] of base) body.append(name, value);
    body.append(this.field.name, file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-Requested-With", "fetch");
      request.upload.addEventListener("progress", (event) => {
        const share = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
        at.bar.value = share;
        at.state.textContent = share < 100 ? `${share}%` : "Checking";
      });
      request.addEventListener("load", () => resolve(this.heard(request, base, one)));
      request.addEventListener("error", () => resolve(this.fail(base, one, "Not sent: no connection", true)));
      request.send(body);
    });
  }

  heard(request, base, one) {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* not JSON: the status tells enough */ }
    if (request.status >= 200 && request.status < 300) {
      one.arrived = true;
      one.at.bar.value = 100;
      one.at.state.dataset.state = "saved";
      one.at.state.textContent = "Uploaded";
      return;
    }
    if (request.status === 401) return this.fail(base, one, "Not sent: you are signed out. Sign in in a new tab, then try again", true);
    this.fail(base, one, said.error || "The server refused this file", request.status >= 500 || request.status === 429);
    if (request.status === 422 && said.field && said.field !== this.field.name) this.stop(said.field);
  }

  stop(name) {
    this.stopped = true;
    const wrong = this.form.elements[name];
    (wrong instanceof RadioNodeList ? wrong[0] : wrong)?.focus();
  }

  fail(base, one, why, again) {
    const { file, at } = one;
    at.state.dataset.state = "failed";
    at.state.textContent = why;
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "met-linklike";
    button.textContent = `Try ${file.name} again`;
    button.addEventListener("click", async () => {
      button.remove();
      delete at.state.dataset.state;
      await this.send(base, one);
      this.finish();
    });
    at.row.append(button);
  }

  finish() {
    delete this.form.dataset.uploading;
    const left = this.files.filter((one) => !one.arrived);
    if (!left.length) {
      window.location.assign(this.form.dataset.upload || window.location.href);
      return;
    }
    const chosen = new DataTransfer();
    for (const one of left) chosen.items.add(one.file);
    this.field.files = chosen.files;
  }
}
