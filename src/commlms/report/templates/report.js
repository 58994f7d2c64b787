"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const places = [...document.querySelectorAll("details.place")];
  tools.hidden = false;
  tools.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    places.forEach((place) => { place.open = Boolean(button.dataset.open); });
  }));
  // Paper cannot be clicked: what belongs on it opens for printing. The figures of every place would be hundreds of pages,
  // and so would the villages of a large city.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open]):not(.figs):not(.more):not(.quiet)")].filter((d) => !d.matches(".place") || (d.querySelector(".place") && (places.length < 600 || !d.matches(".l-township"))));
    opened.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((d) => { d.open = false; }); });
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
