#include "storage_text.hpp"

#include "stresskit/metrics/verdict.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace stresskit::report {

namespace {

using metrics::MissingMessage;
using metrics::Storage;
using support::format_count;

constexpr std::size_t most_missing_shown = 5;

std::string seconds(double value) {
  return support::format_duration(support::from_seconds(value));
}

std::string clock_time(double unix_s) {
  const auto ms = static_cast<long long>(std::llround(unix_s * 1e3));
  return fmt::format("{:%H:%M:%S}.{:03}", fmt::localtime(static_cast<std::time_t>(ms / 1'000)),
                     ms % 1'000);
}

void missing(std::string& text, const Storage& s) {
  const std::size_t shown = std::min(most_missing_shown, s.missing.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const MissingMessage& message = s.missing[i];
    text += fmt::format("          missing: {}, burst {}, due {}\n", message.name, message.k,
                        clock_time(message.due));
  }
  if (s.missing_acknowledged > shown) {
    text += fmt::format("          and {} more: verification.ndjson names them all\n",
                        s.missing_acknowledged - shown);
  }
  if (!s.hint.empty()) {
    text += fmt::format("          {}\n", s.hint);
  }
}

void remarks(std::string& text, const Storage& s) {
  if (s.stored_unacknowledged > 0) {
    text += fmt::format("          {} are stored though no acknowledgement came\n",
                        s.stored_unacknowledged);
  }
  if (s.unexpected > 0) {
    text += fmt::format("          {} stored numbers belong to no message that was sent\n",
                        s.unexpected);
  }
  if (s.devices_deleted > 0) {
    text += fmt::format("          {} deleted meanwhile, and what they had stored with them\n",
                        format_count(s.devices_deleted, "device"));
  }
  if (s.rate_limited > 0) {
    text += fmt::format(
        "          REST answered 429 (too many requests) {} times: the tenant's or "
        "a proxy's rate limit slowed the counting\n",
        s.rate_limited);
  }
  const double ahead = s.server_clock_ahead_s.value_or(0);
  if (std::abs(ahead) > metrics::clocks_agree_within_s) {
    text += fmt::format(
        "          the server's clock is {} {} ours: messages carry our time, so its dashboards "
        "show them shifted by that much\n",
        seconds(std::abs(ahead)), ahead > 0 ? "ahead of" : "behind");
  }
}

}  // namespace

std::string freshness_lines(const metrics::Snapshot& snapshot) {
  const metrics::Freshness& f = snapshot.freshness;
  if (f.devices == 0) {
    return {};
  }
  std::string text;
  if (f.age.count > 0) {
    text = fmt::format("freshness newest stored message of {}: age median {}, worst {}\n",
                       format_count(f.devices, "device"), seconds(f.age.p50 / 1e3),
                       seconds(f.age.max / 1e3));
  }
  if (f.stored_k) {
    text += fmt::format("          the server stored burst {} within {}", *f.stored_k,
                        seconds(f.drain_s));
    text += metrics::backlog_grows(snapshot)
                ? fmt::format("; its backlog grows by {} a burst\n", seconds(f.growth_s_a_burst))
                : "\n";
  }
  if (f.failed_polls > 0) {
    text += fmt::format("          {} to look failed: {}\n",
                        format_count(f.failed_polls, "attempt"), f.trouble);
  }
  return text;
}

std::string storage_lines(const metrics::Snapshot& snapshot) {
  const Storage& s = snapshot.storage;
  if (s.state == Storage::State::off) {
    return {};
  }
  if (s.state == Storage::State::running) {
    return "stored    not counted to the end: verify_storage goes on with it\n";
  }
  std::string text =
      fmt::format("stored    {} = {} {} - missing {} - unverified {} + unacknowledged {}\n",
                  s.stored, snapshot.qos == 0 ? "sent" : "acknowledged", s.acknowledged,
                  s.missing_acknowledged, s.unverified, s.stored_unacknowledged);
  missing(text, s);
  remarks(text, s);
  if (s.state == Storage::State::incomplete) {
    text += fmt::format("          NOT COMPLETE: {}; verify_storage goes on with it\n", s.trouble);
  }
  text += fmt::format("          {} counted in {}", format_count(s.devices_verified, "device"),
                      seconds(s.took_s));
  if (s.settled_s) {
    text += fmt::format("; found within {} after the last burst was due", seconds(*s.settled_s));
  }
  return text + "\n";
}

}  // namespace stresskit::report
