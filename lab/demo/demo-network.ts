/** Who lives where in the demo: loopback addresses, so that nothing has to be configured. */
export const addresses = {
  gatewayForCustomers: "127.0.77.1",
  gatewayForCarriers: "127.0.77.2",
  /** Customer with user name and password. */
  digestCustomer: "127.0.77.11",
  /** Customer known by its address; takes calls too. */
  listedCustomer: "127.0.77.12",
  /** Nobody answers here: the first URL of the failover call. */
  deadCustomer: "127.0.77.13",
  carrier: "127.0.77.21",
} as const;

export const phonePort = 5080;

/** Tones in hertz: who speaks is told apart by ear. */
export const tones = { digestCustomer: 440, listedCustomer: 600, carrier: 1000 } as const;

export const numbers = {
  pstn: "+14155550100",
  digestCustomer: "+12025550111",
  listedCustomer: "+12025550122",
  failoverCustomer: "+12025550133",
  pstnCaller: "+13105550199",
} as const;

export const credentials = { username: "demo-sbc", password: "Correct-Horse-42" } as const;
