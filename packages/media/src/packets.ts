/** What a relay reads of packets: pure, for whoever wants to try it out. */
export { ControlObserver } from "./quality/control-observer.ts";
export { type ReportBlock, readRtcpReports } from "./quality/rtcp-reports.ts";
export { ReceptionStatistics } from "./reception-statistics.ts";
export { isRtcp, isRtp, rtcpSsrcOf, sequenceNumberOf, ssrcOf, timestampOf } from "./rtp-packet.ts";
