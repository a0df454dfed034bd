#include "stresskit/preflight/outlook.hpp"

#include "stresskit/metrics/storage.hpp"
#include "stresskit/mqtt/request.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/thingsboard/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace stresskit::preflight {

namespace {

using namespace std::chrono_literals;

// What burst::Payload makes, see there.
constexpr std::uint64_t points = 5;
constexpr std::uint64_t points_stamped = 6;
constexpr std::uint64_t usual_bytes = 160;
constexpr config::Duration longest_answer = 5s;

RunLoad load_of(const OutlookSetup& setup) {
  RunLoad run;
  run.devices = setup.devices.size();
  run.points_a_message = setup.stamped ? points_stamped : points;
  run.bytes_a_message = usual_bytes;
  run.max_inflight = setup.mqtt.max_inflight;
  run.connect_rate = setup.mqtt.connect_rate;
  run.interval_s = support::to_seconds(setup.burst.interval);
  if (setup.burst.bursts) {
    run.duration_s = static_cast<double>(*setup.burst.bursts) * run.interval_s;
  }
  if (setup.burst.duration) {
    const double given = support::to_seconds(*setup.burst.duration);
    run.duration_s = std::min(run.duration_s.value_or(given), given);
  }
  for (const config::Stage& stage : setup.burst.stages) {
    run.duration_s = run.duration_s.value_or(0) + support::to_seconds(stage.duration);
  }
  return run;
}

Finding of_clock(double ahead_s) {
  const std::string by = support::format_duration(support::from_seconds(std::abs(ahead_s)));
  if (std::abs(ahead_s) <= metrics::clocks_agree_within_s) {
    return {false, "the server's clock agrees with ours"};
  }
  return {true, fmt::format("the server's clock is {} {} ours: messages with our time are stored "
                            "that much {}",
                            by, ahead_s > 0 ? "ahead of" : "behind",
                            ahead_s > 0 ? "in the past" : "in the future")};
}

/// What REST tells, as far as the account may read it.
struct Told {
  std::optional<thingsboard::Usage> usage;
  std::optional<TenantLimits> tenant;
};

std::optional<thingsboard::Usage> ask_usage(thingsboard::Client& client,
                                            std::vector<Finding>& out) {
  const auto usage = client.usage();
  if (!usage) {
    out.push_back({true, fmt::format("the tenant's usage cannot be read: {}",
                                     thingsboard::to_string(usage.error()))});
    return std::nullopt;
  }
  return *usage;
}

std::optional<TenantLimits> ask_tenant_limits(thingsboard::Client& client,
                                              std::vector<Finding>& out) {
  const auto profile = client.default_tenant_profile();
  if (profile) {
    return tenant_limits(*profile);
  }
  // No warning: an account that can read what a run stores never may.
  const bool expected = profile.error().kind == thingsboard::ErrorKind::forbidden;
  out.push_back({!expected, fmt::format("the tenant's own rate limits and storage time are not "
                                        "readable with these credentials: {}",
                                        expected ? "only a system administrator may read them"
                                                 : thingsboard::to_string(profile.error()))});
  return std::nullopt;
}

/// What was found is added to `out`.
Told ask_rest(const OutlookSetup& setup, support::Clock& clock, std::stop_token stop,
              std::vector<Finding>& out) {
  config::ThingsBoard server = setup.server;
  server.timeout = std::min(server.timeout, longest_answer);
  thingsboard::Session session(server, clock);
  thingsboard::Client client(session, std::move(stop));
  const auto version = client.server_info();
  if (!version) {
    out.push_back({true, fmt::format("REST cannot be asked: {}. The run needs only MQTT; its quota "
                                     "is not checked",
                                     thingsboard::explain(version.error(), server))});
    return {};
  }
  out.push_back({false, fmt::format("ThingsBoard {} {}", version->version, version->edition)});
  if (const auto time = client.server_time()) {
    out.push_back(of_clock(std::chrono::duration<double>(*time - clock.wall()).count()));
  }
  return {ask_usage(client, out), ask_tenant_limits(client, out)};
}

std::optional<SessionLimits> ask_device(const OutlookSetup& setup, std::stop_token stop,
                                        std::vector<Finding>& out) {
  const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::min(setup.mqtt.connect_timeout, longest_answer));
  const auto answer =
      mqtt::request(setup.mqtt, setup.devices.front(),
                    R"({"method":"getSessionLimits","params":{}})", timeout, std::move(stop));
  const auto limits = answer ? read_session_limits(*answer)
                             : support::Result<SessionLimits>(support::failure(answer.error()));
  if (!limits) {
    out.push_back({true, fmt::format("the limits of a device cannot be read: {}", limits.error())});
    return std::nullopt;
  }
  return *limits;
}

}  // namespace

std::vector<Finding> look_ahead(const OutlookSetup& setup, support::Clock& clock,
                                std::stop_token stop) {
  if (setup.server.url.empty() || setup.server.username.empty()) {
    return {};
  }
  std::vector<Finding> out;
  const Told told = ask_rest(setup, clock, stop, out);
  const auto limits = stop.stop_requested() ? std::nullopt : ask_device(setup, stop, out);
  if (stop.stop_requested()) {
    return {};  // what could not be asked any more is no finding
  }
  for (Finding& finding : compare(load_of(setup), told.usage, limits, told.tenant)) {
    out.push_back(std::move(finding));
  }
  return out;
}

void log_findings(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    finding.warning ? support::log_warning(finding.text) : support::log_info(finding.text);
  }
}

}  // namespace stresskit::preflight
