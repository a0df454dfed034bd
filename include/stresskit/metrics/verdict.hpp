#pragma once

#include "stresskit/metrics/snapshot.hpp"

namespace stresskit::metrics {

/// What a run says, and about which side, in one sentence. The first that holds:
///
/// - `nothing`: no burst was due;
/// - `not_stored`: the server acknowledged messages that it never stored; what else happened is
///   said as well;
/// - `generator`: the generator did not keep up, or its ledger does not add up: the figures say
///   nothing about the server;
/// - `collapsed`: at some moment nobody was connected any more;
/// - `refused`: from burst k on messages were refused, lost, or not sent for want of a connection;
/// - `behind`: from burst k on acknowledgements came after the next burst was due, or they came in
///   time and messages were stored late, or later from burst to burst;
/// - `unanswered`: messages had no answer when the run ended, which was too soon to call them late;
/// - `kept_up`: none of these, so every message that was sent has been acknowledged, or waits for
///   that not yet longer than an interval.
///
/// Pure.
[[nodiscard]] Verdict verdict(const Snapshot& snapshot);

/// Fills in all that follows from the figures: the verdict, and which side broke first.
void conclude(Snapshot& snapshot);

/// Whether messages are stored later from burst to burst, by more than looking once a second could
/// feign.
[[nodiscard]] bool backlog_grows(const Snapshot& snapshot);

/// Whether the generator itself was the bottleneck: more than 1 % of its `bursts` were late, slow
/// or missed, or its loop lagged (p99 of at least 100 measurements above 20 ms), or a worker used
/// more than 90 % of a core.
[[nodiscard]] bool was_bottleneck(const GeneratorHealth& health, std::uint64_t bursts);

}  // namespace stresskit::metrics
