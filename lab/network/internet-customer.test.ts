import { testScenario } from "./scenario/test-scenario.ts";
import { internetCustomer } from "./scenarios/internet-customer.ts";

testScenario(internetCustomer);
