import { testScenario } from "./scenario/test-scenario.ts";
import { poorAudioOfOneSide } from "./scenarios/poor-audio-of-one-side.ts";

testScenario(poorAudioOfOneSide);
