#include "threshold_metrics.hpp"

#include <fmt/format.h>

namespace stresskit::report {

namespace {

using metrics::Counters;
using metrics::Ladder;
using metrics::Snapshot;
using Reading = std::optional<double>;

/// Nothing was planned, nothing can be said.
Reading of_messages(const Snapshot& s, std::uint64_t count) {
  return s.measured.planned() > 0 ? Reading(static_cast<double>(count)) : std::nullopt;
}

/// With QoS 0 nobody says what became of a message after it was sent.
Reading of_acknowledgements(const Snapshot& s, std::uint64_t count) {
  return s.qos > 0 ? of_messages(s, count) : std::nullopt;
}

/// Share of the messages whose fate is known.
Reading share(const Snapshot& s, std::uint64_t count) {
  const std::uint64_t known = s.measured.planned() - s.measured.in_flight();
  return known > 0 ? Reading(static_cast<double>(count) / static_cast<double>(known))
                   : std::nullopt;
}

Reading of_bursts(const Snapshot& s, std::uint64_t count) {
  return s.bursts_due > 0 ? Reading(static_cast<double>(count)) : std::nullopt;
}

Reading connected_share(const Snapshot& s) {
  return s.device_count > 0
             ? Reading(static_cast<double>(s.connected) / static_cast<double>(s.device_count))
             : std::nullopt;
}

/// Only a verification that came to its end says something.
Reading of_storage(const Snapshot& s, std::uint64_t count) {
  return s.storage.state == metrics::Storage::State::complete ? Reading(static_cast<double>(count))
                                                              : std::nullopt;
}

Reading stored_ratio(const Snapshot& s) {
  const std::uint64_t known = s.storage.acknowledged - s.storage.unverified;
  const Reading stored = of_storage(s, known - s.storage.missing_acknowledged);
  return stored && known > 0 ? Reading(*stored / static_cast<double>(known)) : std::nullopt;
}

Reading collapsed_at(const Snapshot& s) {
  return s.collapses.empty() ? std::nullopt : Reading(s.collapses.front().at_s);
}

using K = Kind;
using C = Change;
using S = const Snapshot&;

// clang-format off
constexpr Metric table[] = {
    {"planned", K::count, C::only_grows, "messages that were due",
     [](S s) { return Reading(static_cast<double>(s.measured.planned())); }},
    {"sent", K::count, C::only_grows, "messages handed over",
     [](S s) { return of_messages(s, s.measured.sent()); }},
    {"acknowledged", K::count, C::only_grows, "messages with a PUBACK",
     [](S s) { return of_acknowledgements(s, s.measured.acknowledged()); }},
    {"failed", K::count, C::only_grows, "messages that could not be handed over",
     [](S s) { return of_messages(s, s.measured.failed()); }},
    {"skipped", K::count, C::only_grows, "messages that were due but not tried",
     [](S s) { return of_messages(s, s.measured.skipped()); }},
    {"lost", K::count, C::only_grows, "messages that a PUBACK refused, or whose connection ended before it",
     [](S s) { return of_acknowledgements(s, s.measured.lost()); }},
    {"unacknowledged", K::count, C::only_grows, "messages still open when the run ended",
     [](S s) { return of_acknowledgements(s, s.measured.unacknowledged()); }},

    {"missing_acknowledged", K::count, C::both_ways,
     "acknowledged messages that are not stored (with --verify-stored)",
     [](S s) { return of_storage(s, s.storage.missing_acknowledged); }},
    {"stored_unacknowledged", K::count, C::both_ways,
     "stored messages whose acknowledgement never came (with --verify-stored)",
     [](S s) { return of_storage(s, s.storage.stored_unacknowledged); }},
    {"stored_ratio", K::ratio, C::both_ways,
     "share of the acknowledged messages that are stored (with --verify-stored)", stored_ratio},

    {"acknowledged_ratio", K::ratio, C::both_ways, "acknowledged / planned (QoS 0: sent / planned)",
     [](S s) { return share(s, delivered(s.measured, s.qos)); }},
    {"failed_rate", K::ratio, C::both_ways, "(failed + lost + unacknowledged) / planned",
     [](S s) { return share(s, s.measured.failed() + s.measured.lost() +
                                   s.measured.unacknowledged()); }},
    {"skipped_rate", K::ratio, C::both_ways, "skipped / planned",
     [](S s) { return share(s, s.measured.skipped()); }},
    {"lost_rate", K::ratio, C::both_ways, "lost / planned",
     [](S s) { return s.qos > 0 ? share(s, s.measured.lost()) : std::nullopt; }},

    {"connected", K::ratio, C::both_ways, "share of the devices that are connected at the end",
     connected_share},
    {"failed_devices", K::count, C::both_ways, "devices that were never accepted",
     [](S s) { return Reading(static_cast<double>(s.failed)); }},
    {"disconnected_devices", K::count, C::both_ways,
     "devices that were accepted and are not connected at the end",
     [](S s) { return Reading(static_cast<double>(s.disconnected)); }},
    {"reconnects", K::count, C::only_grows, "devices accepted again after a loss",
     [](S s) { return Reading(static_cast<double>(s.reconnects)); }},
    {"collapse", K::moment, C::only_once,
     "when nobody was connected any more, after the first due time; or none", collapsed_at},

    {"ack", K::duration, C::both_ways,
     "due time to PUBACK; what never got one counts with its age", nullptr,
     [](S s) { return &s.ack_from_due_with_open; }},
    {"ack_write", K::duration, C::both_ways,
     "the write to PUBACK; what never got one counts with its age (engine native)", nullptr,
     [](S s) { return &s.ack_from_write_with_open; }},
    {"drain", K::duration, C::both_ways, "a burst's due time to its last PUBACK", nullptr,
     [](S s) { return &s.ack_drain; }},
    {"stored_age", K::duration, C::both_ways,
     "age of the newest stored message of the probe devices (with REST)", nullptr,
     [](S s) { return &s.freshness.age; }},
    {"spread", K::duration, C::both_ways, "a burst's first to its last write", nullptr,
     [](S s) { return &s.spread; }},
    {"lateness", K::duration, C::both_ways, "a burst's due time to its first write", nullptr,
     [](S s) { return &s.release_lateness; }},
    {"connect", K::duration, C::both_ways, "a connection, from TCP to CONNACK", nullptr,
     [](S s) { return &s.connect; }},
    {"connect_tcp", K::duration, C::both_ways, "its TCP handshake", nullptr,
     [](S s) { return &s.connect_tcp; }},
    {"connect_tls", K::duration, C::both_ways, "its TLS handshake", nullptr,
     [](S s) { return &s.connect_tls; }},
    {"connect_connack", K::duration, C::both_ways, "its CONNECT to CONNACK", nullptr,
     [](S s) { return &s.connect_connack; }},

    {"late_bursts", K::count, C::only_grows, "bursts that our side released late",
     [](S s) { return of_bursts(s, s.generator.late_bursts); }},
    {"slow_bursts", K::count, C::only_grows, "bursts that our side wrote slowly",
     [](S s) { return of_bursts(s, s.generator.slow_bursts); }},
    {"missed_bursts", K::count, C::only_grows, "bursts that our side did not release at all",
     [](S s) { return of_bursts(s, s.generator.missed_bursts); }},
    {"was_bottleneck", K::count, C::both_ways, "1 when our side was the bottleneck, else 0",
     [](S s) { return of_bursts(s, s.generator.was_bottleneck ? 1 : 0); }},
};

constexpr Rung all_rungs[] = {
    {"p50", &Ladder::p50}, {"p75", &Ladder::p75},    {"p90", &Ladder::p90}, {"p95", &Ladder::p95},
    {"p99", &Ladder::p99}, {"p99.9", &Ladder::p999}, {"max", &Ladder::max}};
// clang-format on

std::string_view example_of(const Metric& metric) {
  switch (metric.kind) {
    case Kind::count:
      return "0";
    case Kind::ratio:
      return "99.9%";
    case Kind::duration:
      return "250ms";
    case Kind::moment:
      return "none";
  }
  return "";
}

std::string shown_name(const Metric& metric) {
  return fmt::format("{}{}", metric.name, metric.ladder != nullptr ? "_P" : "");
}

}  // namespace

std::span<const Metric> threshold_metrics() {
  return table;
}

std::span<const Rung> rungs() {
  return all_rungs;
}

std::optional<double> read(const Metric& metric, const Rung* rung, const Snapshot& snapshot) {
  if (metric.ladder == nullptr) {
    return metric.read(snapshot);
  }
  const Ladder& ladder = *metric.ladder(snapshot);
  return ladder.count > 0 ? std::optional(ladder.*rung->value) : std::nullopt;
}

std::string list_of_metrics() {
  std::string text;
  for (const Metric& metric : table) {
    text +=
        fmt::format("\n  {:<21} {:>6}  {}", shown_name(metric), example_of(metric), metric.help);
  }
  text += "\n  _P is one of";
  for (const Rung& rung : all_rungs) {
    text += fmt::format(" _{}", rung.name);
  }
  return text;
}

std::string table_of_metrics() {
  std::string text = "| metric | a value | what it is |\n|---|---|---|\n";
  for (const Metric& metric : table) {
    text +=
        fmt::format("| `{}` | `{}` | {} |\n", shown_name(metric), example_of(metric), metric.help);
  }
  return text;
}

}  // namespace stresskit::report
