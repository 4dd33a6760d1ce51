import { html, nothing, svg, type TemplateResult } from "lit";
import { numberOf, partOf, type Row, textOf } from "../api/row.ts";
import { amountText, shareText } from "../format/quantity.ts";
import { durationText } from "../format/time.ts";
import { factsView } from "../view/facts-view.ts";
import { type Column, tableView } from "../view/table-view.ts";
import { chartSize, heightOf, sampleChart } from "./sample-chart.ts";

/** How a call sounded, from each side. */
export function mediaView(media: Row, samples: readonly Row[]): TemplateResult {
  const silent = textOf(media, "one_way_audio");
  const rows = [
    { side: "caller", ...partOf(media, "from_ingress") },
    { side: "callee", ...partOf(media, "from_egress") },
  ];
  return html`${silent === "" ? nothing : html`<p class="banner fault">One-way audio: the ${silent} was not heard.</p>`}
    ${tableView({ caption: "Media of both sides", columns, rows, empty: "" })}
    ${chartView(samples)}
    ${factsView([
      ["Relayed by", textOf(media, "engine")],
      ["Because", textOf(media, "engine_reason")],
    ])}`;
}

function amountColumn(title: string, field: string, unit = "", digits = 0): Column {
  return { title, kind: "number", show: (row) => amountText(numberOf(row, field), unit, digits) };
}

const columns: readonly Column[] = [
  { title: "From the", show: (row) => textOf(row, "side") },
  { title: "Codec", show: (row) => textOf(row, "codec") || "–" },
  amountColumn("Packets", "packets"),
  amountColumn("Lost", "lost"),
  {
    title: "Loss",
    kind: "number",
    show: (row) => {
      const [packets, lost] = [numberOf(row, "packets") ?? 0, numberOf(row, "lost") ?? 0];
      return shareText(lost, packets + lost);
    },
  },
  amountColumn("Jitter", "jitter_ms", "ms", 1),
  amountColumn("Round trip", "round_trip_ms", "ms", 1),
  amountColumn("MOS, mean", "mos_mean", "", 2),
  amountColumn("MOS, worst", "mos_minimum", "", 2),
  amountColumn("Key presses", "telephone_events"),
  amountColumn("Foreign packets", "foreign_packets"),
];

const sides = { ingress: "caller", egress: "callee" } as const;

function chartView(samples: readonly Row[]): TemplateResult | typeof nothing {
  const chart = sampleChart(samples);
  if (chart === undefined) return nothing;
  const { width, height } = chartSize;
  return html`<figure class="chart">
    <svg viewBox="-30 -8 ${width + 40} ${height + 30}" role="img" aria-label="Mean opinion score over the time of the call">
      ${[1, 2, 3, 4].map(
        (mos) => svg`<line class="grid" x1="0" x2=${width} y1=${heightOf(mos)} y2=${heightOf(mos)} />
          <text x="-8" y=${heightOf(mos) + 4} text-anchor="end">${mos}</text>`,
      )}
      ${chart.lines.map(({ from, points }) => svg`<polyline class=${from} points=${points} />`)}
      <text x="0" y=${height + 18}>0:00</text>
      <text x=${width} y=${height + 18} text-anchor="end">${durationText(chart.seconds)}</text>
    </svg>
    <figcaption>Mean opinion score of what came from
      ${chart.lines.map(({ from }) => html`<span class="key ${from}">the ${sides[from]}</span> `)}</figcaption>
  </figure>`;
}
