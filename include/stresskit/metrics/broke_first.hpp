#pragma once

#include "stresskit/metrics/snapshot.hpp"

namespace stresskit::metrics {

/// Which part of a message's way gave way first: generator, connection, transport, queue, rule
/// engine, database; from which burst on, and by what that is known. What was seen earliest counts.
///
/// | seen | side |
/// |---|---|
/// | our own bursts late, slow or missed, or our machine out of ports or memory | generator |
/// | devices refused, or their connections ended with nothing unanswered | connection |
/// | connections closed on a message, messages refused, or a late PUBACK | transport |
/// | the same while messages handed to the queue wait for its confirmation (Prometheus) | queue |
/// | stored late or never: messages that the rule engine has not taken | queue |
/// | stored late or never: messages failed or timed out in the rule engine | rule engine |
/// | stored late or never: rows that wait, or the rule engine was done with all | database |
/// | stored late or never, and no figure of the server that tells | unknown |
/// | no answer when the run ended, which was too soon to call that late | unknown |
///
/// A generator that did not keep up comes before everything but messages lost before: of the
/// server's speed nothing can be said then.
/// What is missing after the whole fleet was lost is no sign of its own: a server that ends takes
/// its queue with it.
///
/// Pure.
[[nodiscard]] BrokeFirst broke_first(const Snapshot& snapshot);

/// The server reports every 60 s, and takes its time to write that: so many seconds after the last
/// message its figures hold the whole run.
inline constexpr double server_report_s = 70;

/// Whether the server's usage counters hold the whole run: as many messages as were acknowledged,
/// or read when their last report was over.
[[nodiscard]] bool usage_is_complete(const Snapshot& snapshot);

}  // namespace stresskit::metrics
