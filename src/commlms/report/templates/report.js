"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const places = [...document.querySelectorAll("details.place")];
  tools.hidden = false;
  tools.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    places.forEach((place) => { place.open = Boolean(button.dataset.open); });
  }));
  // Paper cannot be clicked: what belongs on it opens for printing. The figures of every place would be hundreds of pages,
  // and so would the villages of a large city or the townships of a province: as many levels of places as make 400 lines.
  const deep = (place) => { let n = 0; for (let up = place; up; up = up.parentElement.closest(".place")) n += 1; return n; };
  const depth = new Map(places.map((place) => [place, deep(place)]));
  const lines = [];
  depth.forEach((n) => { lines[n] = (lines[n] || 0) + 1; });
  const fits = (n) => lines.slice(1, n + 2).reduce((sum, count) => sum + count, 0) <= 400;
  let opened = [];
  let shut = [];
  addEventListener("beforeprint", () => {
    const wide = new Set(places.filter((place) => depth.get(place) === 1 || fits(depth.get(place))));
    opened = [...document.querySelectorAll("details:not([open]):not(.figs):not(.more):not(.quiet)")].filter((d) => !d.matches(".place") || (wide.has(d) && d.querySelector(".place")));
    opened.forEach((d) => { d.open = true; });
    shut = [];
    // From below: of what stands open at first; what was opened by hand, and the way to it, stays open.
    places.filter((place) => place.open && !wide.has(place) && place.matches(".l-province, .l-city, .l-county")).reverse().forEach((place) => {
      if (place.querySelector("details[open]")) return;
      place.open = false;
      shut.push(place);
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((d) => { d.open = false; });
    shut.forEach((d) => { d.open = true; });
  });
  const box = tools.querySelector("input");
  box.addEventListener("input", () => {
    const words = box.value.trim();
    places.forEach((place) => place.classList.toggle("miss", Boolean(words)));
    if (!words) return;
    places.filter((place) => place.dataset.name.includes(words)).forEach((place) => {
      place.classList.remove("miss");
      for (let up = place.parentElement; up; up = up.parentElement) {
        if (up.matches("details.place")) { up.open = true; up.classList.remove("miss"); }
      }
    });
  });
})();
