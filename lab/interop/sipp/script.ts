/** A SIPp scenario written as a list of steps. */

/** One element of a SIPp scenario file. */
export type Step = string;

export interface ReceiveOptions {
  /** It may come, or not. */
  readonly optional?: boolean;
  /** Keeps Record-Route and Contact for `[routes]` and `[next_url]`. */
  readonly keepsRoute?: boolean;
  /** Keeps the challenge for `[authentication …]`. */
  readonly keepsChallenge?: boolean;
}

/** T1 of RFC 3261 for what SIPp repeats over UDP. */
const retransmissionMs = 500;

export function send(message: string): Step {
  return `  <send><![CDATA[\n\n${message}\n\n]]></send>`;
}

/** Sends until the next message comes: a request but ACK, or a 2xx to an INVITE. */
export function sendReliably(message: string): Step {
  return `  <send retrans="${retransmissionMs}"><![CDATA[\n\n${message}\n\n]]></send>`;
}

export function receiveResponse(statusCode: number, options: ReceiveOptions = {}): Step {
  return `  <recv response="${statusCode}"${attributes(options)}/>`;
}

export function maybe(statusCode: number): Step {
  return receiveResponse(statusCode, { optional: true });
}

export function receiveRequest(method: string, options: ReceiveOptions = {}): Step {
  return `  <recv request="${method}"${attributes(options)}/>`;
}

/** The INVITE that begins a callee's script: its From and To are kept for requests of the callee's own. */
export function receiveInvite(): Step {
  return `  <recv request="INVITE" rrs="true">
    <action>
      <ereg regexp="[^ ].*" search_in="hdr" header="From:" assign_to="caller"/>
      <ereg regexp="[^ ].*" search_in="hdr" header="To:" assign_to="callee"/>
      <ereg regexp="Via: .*" search_in="msg" assign_to="via"/>
      <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="sequence"/>
    </action>
  </recv>
  <Reference variables="caller,callee,via,sequence"/>`;
}

export function pause(ms: number): Step {
  return `  <pause milliseconds="${ms}"/>`;
}

/** Until somebody stops it: nothing more is expected, and whatever comes is an error. */
export function scenarioFile(name: string, steps: readonly Step[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join("\n")}\n</scenario>\n`;
}

function attributes({ optional, keepsRoute, keepsChallenge }: ReceiveOptions): string {
  return (
    (optional === true ? ' optional="true"' : "") +
    (keepsRoute === true ? ' rrs="true"' : "") +
    (keepsChallenge === true ? ' auth="true"' : "")
  );
}
