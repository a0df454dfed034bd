#include "stresskit/preflight/limits.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stresskit::preflight {

namespace {

using nlohmann::json;
using support::failure;
using support::Result;

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0
             ? std::optional(value)
             : std::nullopt;
}

std::string duration(double seconds) {
  return support::format_duration(support::from_seconds(seconds));
}

std::string period(std::uint64_t seconds) {
  switch (seconds) {
    case 1:
      return "a second";
    case 60:
      return "a minute";
    case 3'600:
      return "an hour";
    default:
      return fmt::format("in {} s", seconds);
  }
}

/// Whose bucket it is: each device has one, or all devices share one.
struct Scope {
  std::string_view who;    ///< "every device"
  std::string_view whose;  ///< "and device"
  bool shared;
};

constexpr Scope each_device{"every device", "and device", false};
constexpr Scope all_devices{"devices", "for all devices of the tenant", true};

std::string in_words(const RateLimit& limit, std::string_view what, const Scope& scope) {
  return fmt::format("{} {} {} {}", limit.capacity, what, period(limit.seconds), scope.whose);
}

/// When a device that takes `amount` every interval meets the limit; nothing: never.
struct CutOff {
  double earliest_s = 0;         ///< when nothing is refilled before the period is over
  std::optional<double> late_s;  ///< when it is refilled all the time
};

std::optional<CutOff> cut_off(const RateLimit& limit, std::uint64_t amount, double interval_s) {
  const auto capacity = static_cast<double>(limit.capacity);
  const auto each = static_cast<double>(amount);
  if (each > capacity) {
    return CutOff{0, 0};
  }
  const double earliest = std::floor(capacity / each) * interval_s;
  if (earliest >= static_cast<double>(limit.seconds)) {
    return std::nullopt;
  }
  const double surplus = each / interval_s - capacity / static_cast<double>(limit.seconds);
  return CutOff{earliest, surplus > 0 ? std::optional(capacity / surplus) : std::nullopt};
}

std::string when(const CutOff& cut) {
  if (cut.earliest_s <= 0) {
    return "with its first message";
  }
  std::string text = "after " + duration(cut.earliest_s);
  if (cut.late_s && *cut.late_s > cut.earliest_s * 1.1) {
    text += fmt::format(" (after {} when the server refills its bucket all the time)",
                        duration(*cut.late_s));
  }
  return text;
}

/// The bucket of `limits` that is met first, within the run.
Finding of_rate(const RunLoad& run, const std::vector<RateLimit>& limits, std::uint64_t amount,
                std::string_view what, const Scope& scope) {
  std::optional<CutOff> first;
  const RateLimit* met = nullptr;
  for (const RateLimit& limit : limits) {
    const auto cut = cut_off(limit, amount, run.interval_s);
    const bool in_time = cut && (!run.duration_s || cut->earliest_s < *run.duration_s);
    if (in_time && (!first || cut->earliest_s < first->earliest_s)) {
      first = cut;
      met = &limit;
    }
  }
  if (met != nullptr && scope.shared && first->earliest_s <= 0) {
    return {true, fmt::format("a burst of {} {} exceeds {}: devices will be cut off in the first "
                              "one",
                              amount, what, in_words(*met, what, scope))};
  }
  if (met != nullptr) {
    return {true, fmt::format("{} will be cut off {}: {}", scope.who, when(*first),
                              in_words(*met, what, scope))};
  }
  std::string all;
  for (const RateLimit& limit : limits) {
    all += (all.empty() ? "" : ", ") + in_words(limit, what, scope);
  }
  return {false, all.empty() ? fmt::format("no limit on the {} of {}", what,
                                           scope.shared ? "the tenant" : "a device")
                             : fmt::format("within the limits: {}", all)};
}

/// Every connection takes a message out of the tenant's bucket, which refills while they come.
Finding of_connecting(const RunLoad& run, const std::vector<RateLimit>& limits) {
  for (const RateLimit& limit : limits) {
    const auto capacity = static_cast<double>(limit.capacity);
    const bool too_fast =
        run.connect_rate <= 0 || run.connect_rate * static_cast<double>(limit.seconds) > capacity;
    if (run.devices > limit.capacity && too_fast) {
      return {true, fmt::format("connecting {} devices exceeds {}: some will be refused with "
                                "CONNACK 3; connect more slowly (MQTT_CONNECT_RATE)",
                                run.devices, in_words(limit, "messages", all_devices))};
    }
  }
  return {false, limits.empty() ? "no limit on the connections of the tenant"
                                : "connecting keeps the tenant's limits"};
}

Finding of_ttl(const RunLoad& run, std::uint64_t days) {
  constexpr double day_s = 86'400;
  if (days == 0) {
    return {false, "the tenant keeps what is stored for ever, unless a rule chain says otherwise"};
  }
  const bool shorter = !run.duration_s || *run.duration_s > static_cast<double>(days) * day_s;
  return {
      shorter,
      fmt::format("the tenant keeps what is stored for {}{}", support::format_count(days, "day"),
                  shorter ? ", which is less than the run may last: what it stores first will "
                            "be gone before it can be counted"
                          : "")};
}

std::vector<Finding> of_tenant(const RunLoad& run, const TenantLimits& limits) {
  return {of_connecting(run, limits.messages),
          of_rate(run, limits.telemetry_messages, run.devices, "messages", all_devices),
          of_rate(run, limits.telemetry_points, run.devices * run.points_a_message, "data points",
                  all_devices),
          of_ttl(run, limits.storage_ttl_days)};
}

std::vector<Finding> of_session(const RunLoad& run, const SessionLimits& limits) {
  std::vector<Finding> out;
  out.push_back(of_rate(run, limits.telemetry_messages, 1, "messages", each_device));
  out.push_back(
      of_rate(run, limits.telemetry_points, run.points_a_message, "data points", each_device));
  if (limits.max_payload > 0 && run.bytes_a_message > limits.max_payload) {
    out.push_back({true, fmt::format("messages of {} are more than the {} that are allowed",
                                     support::format_bytes(run.bytes_a_message),
                                     support::format_bytes(limits.max_payload))});
  }
  if (limits.max_inflight > 0 && run.max_inflight > limits.max_inflight) {
    out.push_back(
        {true, fmt::format("MQTT_MAX_INFLIGHT is {}, but the server holds {} waiting messages of a "
                           "device",
                           run.max_inflight, limits.max_inflight)});
  }
  return out;
}

Finding of_devices(const thingsboard::Usage& usage) {
  if (usage.max_devices == 0) {
    return {false, fmt::format("{} in the tenant, no limit",
                               support::format_count(usage.devices, "device"))};
  }
  return {usage.devices >= usage.max_devices,
          fmt::format("{} of {} devices of the tenant are used", usage.devices, usage.max_devices)};
}

Finding of_quota(const RunLoad& run, const thingsboard::Usage& usage) {
  if (usage.max_transport_messages == 0) {
    return {false, "no monthly quota of messages"};
  }
  const std::uint64_t left = usage.max_transport_messages -
                             std::min(usage.max_transport_messages, usage.transport_messages);
  const double lasts_s =
      static_cast<double>(left) / static_cast<double>(run.devices) * run.interval_s;
  const bool met = !run.duration_s || lasts_s < *run.duration_s;
  return {met, fmt::format("{} of {} messages of the month are left: enough for {}", left,
                           usage.max_transport_messages, duration(lasts_s))};
}

/// 0 for what is no whole number: not told.
std::uint64_t whole_at(const json& answer, const char* key) {
  const auto found = answer.find(key);
  return found != answer.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::vector<RateLimit> limits_at(const json& rates, const char* key) {
  const auto found = rates.find(key);
  if (found == rates.end() || !found->is_string()) {
    return {};  // null: no limit
  }
  return parse_rate_limits(found->get<std::string>()).value_or(std::vector<RateLimit>());
}

}  // namespace

Result<std::vector<RateLimit>> parse_rate_limits(std::string_view text) {
  std::vector<RateLimit> limits;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    const std::size_t colon = std::min(one.find(':'), one.size());
    const auto capacity = whole(one.substr(0, colon));
    const auto seconds = whole(one.substr(std::min(colon + 1, one.size())));
    if (!capacity || !seconds) {
      return failure(
          fmt::format("a rate limit reads \"100:1,2000:60\" (how many, in how many seconds), not "
                      "\"{}\"",
                      one));
    }
    limits.push_back({*capacity, *seconds});
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return limits;
}

Result<SessionLimits> read_session_limits(std::string_view text) {
  const json answer = json::parse(text, nullptr, false);
  if (!answer.is_object() || !answer.contains("rateLimits")) {
    return failure("the server does not know getSessionLimits (ThingsBoard 3.8 and later do)");
  }
  const json& rates = answer["rateLimits"];
  SessionLimits limits;
  limits.max_payload = whole_at(answer, "maxPayloadSize");
  limits.max_inflight = whole_at(answer, "maxInflightMessages");
  if (rates.is_object()) {
    limits.messages = limits_at(rates, "messages");
    limits.telemetry_messages = limits_at(rates, "telemetryMessages");
    limits.telemetry_points = limits_at(rates, "telemetryDataPoints");
  }
  return limits;
}

TenantLimits tenant_limits(const thingsboard::TenantProfile& profile) {
  const auto read = [](const std::string& text) {
    return parse_rate_limits(text).value_or(std::vector<RateLimit>());
  };
  return {read(profile.messages), read(profile.telemetry_messages), read(profile.telemetry_points),
          profile.storage_ttl_days};
}

std::vector<Finding> compare(const RunLoad& run, const std::optional<thingsboard::Usage>& usage,
                             const std::optional<SessionLimits>& limits,
                             const std::optional<TenantLimits>& tenant) {
  std::vector<Finding> out;
  if (limits) {
    out = of_session(run, *limits);
  }
  if (tenant) {
    const auto found = of_tenant(run, *tenant);
    out.insert(out.end(), found.begin(), found.end());
  }
  if (usage) {
    out.push_back(of_devices(*usage));
    out.push_back(of_quota(run, *usage));
  }
  return out;
}

}  // namespace stresskit::preflight
