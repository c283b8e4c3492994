/** The file that the user has chosen, before it is sent. */

/** What is wrong with it, "" when it can be sent. limits: the form's data attributes; missing: what to say of none. */
export async function fault(file, limits, missing) {
  if (!file) return missing;
  const kinds = limits.kinds.split(", ");
  if (!kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
    return `${file.name} kan inte läsas. Läsbara är ${limits.kinds}.`;
  }
  return file.size > Number(limits.most) ? `${file.name} är större än ${limits.mostWritten}.` : unread(file);
}

/** Why the browser no longer reads the file, "" when it does: it does not once the file has been saved anew. */
export async function unread(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return "";
  } catch (problem) {
    const gone = problem.name === "NotFoundError";
    return `Filen ${gone ? "finns inte kvar där den valdes" : "har ändrats sedan den valdes"}. Välj den igen.`;
  }
}
