package dev.lejepa.tools.report;

/// A curve that every run may have.
///
/// @param name what it shows, within its chart
/// @param title what it shows, standing alone
record Curve(Source source, String column, String name, String title) {}
