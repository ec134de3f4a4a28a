// Starts the GOV.UK components. Everything works without it; nothing is decided here.
import { initAll } from "./govuk-frontend.min.js";

initAll();
