// Every page works without this file; it only makes some things nicer.
import { initAll } from "../govuk/govuk-frontend.js";
import { guardForms } from "./once.js";
import { startAutosave } from "./autosave.js";
import { startUploads } from "./upload.js";
import { startCopying } from "./copy.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
guardForms();
startAutosave();
startUploads();
startCopying();
