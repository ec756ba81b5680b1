package dev.lejepa.tools.report;

/// Where the pictures of a report are computed.
///
/// @param device `cpu` or `cuda:N`
/// @param threads that compute
public record Computing(String device, int threads) {}
