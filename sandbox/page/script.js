/* What the page does without asking the server: taking text from a box, scrolling, finding what was pressed. */
window.sandbox = {
  /* Empties a text box and returns what was in it; null when there was nothing to send. */
  take(box) {
    const text = box.value;
    if (!text.trim()) return null;
    box.value = "";
    box.focus();
    return text;
  },

  /* Enter sends; Shift+Enter and an unfinished input method do not. */
  entered(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return null;
    event.preventDefault();
    return this.take(event.target);
  },

  fill(id, text) {
    const box = document.getElementById(id);
    box.value = text;
    box.focus();
  },

  /* The scroller is reversed: 0 is its end, and what lies above is negative. */
  scrolled(event) {
    event.target.parentElement.toggleAttribute("data-away", event.target.scrollTop < -120);
  },

  toNewest(id) {
    document.getElementById(id).scrollTop = 0;
  },

  /* The data of the button that was pressed inside of an element, null for anything else. */
  pressed(event) {
    const button = event.target.closest("[data-act]");
    return button ? { ...button.dataset } : null;
  },
};
