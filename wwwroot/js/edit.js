// The page with the form of a ticket.
import { start } from "./edit-form.js";

start(document.querySelector("main > *"), {
  saved: (place) => location.replace(place),
  answered: (page) => { document.title = page.title; },
});
