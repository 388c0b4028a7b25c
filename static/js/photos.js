/* Photos are made smaller before they leave the phone, and lose where and when they were taken.
   input[type=file][data-shrink]   what is too large, of a wrong kind or too many is told at once and left out; choosing
   again adds to what was chosen. Words in data-too-many and others.
   Where this cannot work the file goes as it is. */
(() => {
  "use strict";
  const make = (name, set) => Object.assign(document.createElement(name), set);

  function drawn(picture, side) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: Math.ceil(picture.width * scale), height: Math.ceil(picture.height * scale) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /* The file to send, and a small picture of it. */
  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const small = drawn(picture, 160).toDataURL("image/jpeg", 0.6);
      const blob = await new Promise((done) => drawn(picture, 2048).toBlob(done, "image/jpeg", 0.82));
      picture.close();
      // A screen stays sharp unless it is large.
      if (!blob || (/png$/i.test(file.name) && blob.size > file.size / 2)) return { file, small };
      return { file: new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }), small };
    } catch { return { file }; }
  }

  function prepare(input) {
    const words = input.dataset, endings = input.accept.split(",");
    const list = make("ul", { className: "file-preview", ariaLive: "polite" });
    input.after(list);
    let chosen = [], left = [], busy = null;

    const line = (text, small) => {
      const item = make("li", {});
      if (small) item.append(make("img", { src: small, alt: "", className: "files__small" }));
      item.append(text);
      return item;
    };
    const show = () => {
      const files = new DataTransfer();
      chosen.forEach((one) => files.items.add(one.file));
      input.files = files.files;
      list.replaceChildren(...chosen.map((one) => {
        const item = line(`${one.file.name} (${(one.file.size / 1048576).toFixed(1)} MB)`, one.small);
        const button = make("button", {
          type: "button", className: "button button--quiet button--small", textContent: words.remove,
          ariaLabel: `${words.remove}: ${one.file.name}`,
        });
        button.onclick = () => { chosen = chosen.filter((other) => other !== one); left = []; show(); input.focus(); };
        item.append(button);
        return item;
      }), ...left.map((text) => line(text)));
    };
    async function take(files) {
      left = [];
      list.replaceChildren(line(words.wait));
      for (const original of files) {
        const same = (file) => file.name === original.name && file.size === original.size;
        if (chosen.some((one) => same(one.original) || same(one.file))) continue;
        const leave = (why) => left.push(`${original.name} – ${why}`);
        if (!endings.includes("." + original.name.toLowerCase().split(".").pop())) { leave(words.wrongKind); continue; }
        if (chosen.length >= Number(words.maxFiles)) { leave(words.tooMany); continue; }
        const one = { original, ...await smaller(original) };
        if (one.file.size > Number(words.maxBytes)) leave(words.tooBig); else chosen.push(one);
      }
      show();
    }
    input.addEventListener("change", () => {
      const files = [...input.files];
      busy = Promise.resolve(busy).then(() => take(files)).finally(() => { busy = null; });
    });
    input.form.addEventListener("submit", (event) => {
      if (!busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      busy.then(() => input.form.requestSubmit(event.submitter));
    }, true);
  }

  if (self.DataTransfer) document.querySelectorAll("input[data-shrink]").forEach(prepare);
})();
