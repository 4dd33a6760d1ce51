/** The console: what an operator of a carrier or an enterprise opens in a browser. A client of control, nothing else. */
import "./form/form-element.ts";
import "./resource/resource-element.ts";
import { ConsoleElement } from "./shell/console-element.ts";

customElements.define("tandem-console", ConsoleElement);
