"use strict";
// Filters the functions as the reader types, and opens what is folded before the page is printed.
(() => {
  const box = document.querySelector(".search");
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  const sections = [...document.querySelectorAll(".content > section")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // Examples, errors and rules are left out of what is searched: nearly every word is in one of them.
  const searched = ":scope > h3, :scope > p, :scope > .arguments";
  const functions = [...document.querySelectorAll(".function")].map((article) => ({
    article,
    link: document.querySelector(`.index a[href="#${article.id}"]`).parentElement,
    text: plain([...article.querySelectorAll(searched)].map((part) => part.textContent).join(" ")),
  }));

  function filter() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { article, link, text } of functions) {
      const fits = words.every((word) => text.includes(word));
      article.hidden = link.hidden = !fits;
      shown += fits;
    }
    for (const section of sections) {
      section.hidden = words.length > 0 && !section.querySelector(".function:not([hidden])");
    }
    for (const group of document.querySelectorAll(".index .sections > li")) {
      const links = [...group.querySelectorAll("li")];
      group.hidden = links.length > 0 && links.every((link) => link.hidden);
    }
    found.textContent = words.length ? `${shown} av ${functions.length} funktioner` : "";
  }

  // A link to what the search has hidden ends the search.
  function show(hash) {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      field.value = "";
      filter();
      target.scrollIntoView();
    }
  }

  box.hidden = false;
  field.addEventListener("input", filter);
  field.addEventListener("search", filter);
  addEventListener("hashchange", () => show(location.hash));
  addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) show(link.hash);
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  filter();
})();
