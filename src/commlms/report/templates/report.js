"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const places = [...document.querySelectorAll("details.place")];
  tools.hidden = false;
  tools.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    places.forEach((place) => { place.open = Boolean(button.dataset.open); });
  }));
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
