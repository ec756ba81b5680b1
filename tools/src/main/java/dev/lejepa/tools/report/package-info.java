/// What a run was like, as one page that needs no network: `report.html`, and the same with several runs over each
/// other.
///
/// [RunLogReader][dev.lejepa.tools.report.RunLogReader] reads `metrics.jsonl` as a stream into buckets that keep the
/// extremes, so a page of a long run is as small as one of a short run.
/// [RunReport][dev.lejepa.tools.report.RunReport] and [RunComparison][dev.lejepa.tools.report.RunComparison] put the
/// sections of a page together; text, tables and figures are written here, curves are drawn by uPlot, which travels in
/// the page.
@NullMarked
package dev.lejepa.tools.report;

import org.jspecify.annotations.NullMarked;
