/** Says something in a word or two, to the eye and to screen readers. The place for it is in the shell of the console. */
export function say(text: string): void {
  const place = document.querySelector("#notice");
  if (place === null) return;
  // Said anew, even when it is the same text.
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}
