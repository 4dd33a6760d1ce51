import { showBehaviours } from "./show-behaviours.ts";

showBehaviours("userspace");
