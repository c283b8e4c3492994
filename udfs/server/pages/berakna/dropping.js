/** Files that are dropped on the page go where one would have chosen them. */

/** Let a file be dropped on the element `drop`, into the input `file`; `refused(sentence)` tells why it was not taken. */
export function dropFiles(drop, file, refused) {
  // A file that is dropped beside is not to take the place of the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (!drop.contains(event.target)) event.dataTransfer.dropEffect = "none";
    });
  }
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (files.length > 1) return refused("Släpp en fil i taget.");
    if (!files.length) return;
    file.files = files;
    refused("");
  });
}
