/** Kernel and user space in one relay. */
import { showBehaviours } from "./show-behaviours.ts";

showBehaviours("both");
