/** User space with the sockets of node:dgram. */
import { showBehaviours } from "./show-behaviours.ts";

showBehaviours("node:dgram");
